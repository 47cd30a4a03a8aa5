// Takes batches of events from devices: all of a batch or nothing, durable before it is accepted.
import type { Logger } from 'pino';
import type { MetricEvent } from '../../src/lib/events/metric-event.ts';
import type { EventFault } from '../../src/lib/events/parse-batch.ts';
import { parseBatch } from '../../src/lib/events/parse-batch.ts';
import type { EventPublisher } from '../broker/broker.server.ts';
import { readBatchBody, type BatchRequest } from './batch-body.server.ts';
import { Refusal, putOff } from './refusal.server.ts';

/** Faults that an answer lists; it always says how many there are. */
const MAX_LISTED_FAULTS = 20;
/** A fault quotes what it found, which can be long. */
const MAX_FAULT_CHARACTERS = 300;
/**
 * Batches that are received and checked at once. Each holds its bytes as they came and unpacked, so that all
 * of them together hold at most 64 × 2 × 400 KB = 51 MB, however many devices send.
 */
export const MAX_BATCHES_AT_ONCE = 64;

/** What ingest needs. */
export type IngestParts = {
  readonly publisher: EventPublisher;
  readonly logger: Logger;
  /** Waiting events above which batches are put off. */
  readonly maxQueueDepthEvents: number;
};

/** The receiving end of the uploader. */
export type Ingest = {
  /**
   * Answers 202 `{"accepted": n}` once the batch is durable, or `{"error", "accepted": 0, …}` with
   * 400 and the faults, 408, 413, 415, or 503 and a time to come back. A batch that comes when there is no room is
   * not read.
   */
  handle(request: BatchRequest): Promise<Response>;
};

/** Creates the ingest in front of `publisher`. */
export function createIngest({ publisher, logger, maxQueueDepthEvents }: IngestParts): Ingest {
  let batchesAtOnce = 0;
  /** Since a batch was last accepted. */
  let batchesPutOff = 0;

  async function accept(request: BatchRequest): Promise<number> {
    if (batchesAtOnce >= MAX_BATCHES_AT_ONCE) {
      throw putOff('Too many batches arrive at once. Send the batch again later.');
    }
    batchesAtOnce += 1;
    try {
      await requireRoom();
      const events = readEvents(await readBatchBody(request));
      await requireRoom(); // Others may have come while this one was received.
      await orPutOff(publisher.publish(events));
      return events.length;
    } finally {
      batchesAtOnce -= 1;
    }
  }

  async function requireRoom(): Promise<void> {
    const depth = await orPutOff(publisher.depth());
    if (depth === null || depth < maxQueueDepthEvents) return;
    throw putOff('Too many events are waiting. Send the batch again later.');
  }

  async function orPutOff<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      logger.error({ err: error }, 'the queue cannot be read or written');
      throw putOff('The server cannot store events at the moment. Send the batch again later.');
    }
  }

  function noteAccepted(accepted: number): void {
    logger.info({ accepted }, 'batch accepted');
    if (batchesPutOff > 0) logger.warn({ batchesPutOff }, 'batches are accepted again');
    batchesPutOff = 0;
  }

  function noteRefused({ status, message }: Refusal): void {
    // A sender's fault is news for the sender; a batch put off is news for who runs the server, once: a flood
    // of them must not flood the log.
    const isNews = status >= 500 && batchesPutOff === 0;
    if (status >= 500) batchesPutOff += 1;
    logger[isNews ? 'warn' : 'info']({ status, reason: message }, 'batch refused');
  }

  return {
    async handle(request) {
      try {
        const accepted = await accept(request);
        noteAccepted(accepted);
        return Response.json({ accepted }, { status: 202 });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        noteRefused(error);
        return error.toResponse();
      }
    },
  };
}

function readEvents(value: unknown): readonly MetricEvent[] {
  const batch = parseBatch(value);
  if (batch.ok) return batch.events;
  const faultCount = batch.faults.length;
  throw new Refusal(
    400,
    `The batch has ${faultCount === 1 ? 'a fault' : `${faultCount} faults`}. None of it was taken.`,
    { details: { faultCount, faults: batch.faults.slice(0, MAX_LISTED_FAULTS).map(shorten) } },
  );
}

function shorten(fault: EventFault): EventFault {
  return { ...fault, message: fault.message.slice(0, MAX_FAULT_CHARACTERS) };
}
