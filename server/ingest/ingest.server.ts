// Takes batches of events from devices: all of a batch or nothing, durable before it is accepted.
import type { Logger } from 'pino';
import type { MetricEvent } from '../../src/lib/events/metric-event.ts';
import type { EventFault } from '../../src/lib/events/parse-batch.ts';
import { parseBatch } from '../../src/lib/events/parse-batch.ts';
import type { Broker } from '../broker/broker.server.ts';
import { readBatchBody } from './batch-body.server.ts';
import { Refusal } from './refusal.server.ts';

/** Faults that an answer lists; it always says how many there are. */
const MAX_LISTED_FAULTS = 20;
/** A fault quotes what it found, which can be long. */
const MAX_FAULT_CHARACTERS = 300;
/** When to try again after a 503. */
const RETRY_AFTER_S = 5;

/** What ingest needs. */
export type IngestParts = {
  readonly broker: Broker;
  readonly logger: Logger;
  /** Waiting events above which batches are put off. */
  readonly maxQueueDepthEvents: number;
};

/** The receiving end of the uploader. */
export type Ingest = {
  /**
   * Answers 202 `{"accepted": n}` once the batch is durable, or `{"error", "accepted": 0, …}` with
   * 400 and the faults, 413, 415, or 503 and a time to come back.
   */
  handle(request: Request): Promise<Response>;
};

/** Creates the ingest in front of `broker`. */
export function createIngest({ broker, logger, maxQueueDepthEvents }: IngestParts): Ingest {
  async function accept(request: Request): Promise<number> {
    const events = readEvents(await readBatchBody(request));
    try {
      if ((await broker.depth()) < maxQueueDepthEvents) {
        await broker.publish(events);
        return events.length;
      }
    } catch (error) {
      logger.error({ err: error, events: events.length }, 'a batch could not be queued');
      throw putOff('The server cannot store events at the moment. Send the batch again later.');
    }
    throw putOff('Too many events are waiting. Send the batch again later.');
  }

  return {
    async handle(request) {
      try {
        const accepted = await accept(request);
        logger.info({ accepted }, 'batch accepted');
        return Response.json({ accepted }, { status: 202 });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        // A sender's fault is news for the sender; a batch put off is news for who runs the server.
        const level = error.status >= 500 ? 'warn' : 'info';
        logger[level]({ status: error.status, reason: error.message }, 'batch refused');
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

function putOff(message: string): Refusal {
  return new Refusal(503, message, { headers: { 'retry-after': String(RETRY_AFTER_S) } });
}
