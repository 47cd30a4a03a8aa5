// Ingest as the dashboard has it in the cloud: browsers post to the origin that their page came from, and this
// passes each batch on to the service that may publish. It reads no event, and keeps none.
import type { Logger } from 'pino';
import { headerOf, readBytes, type BatchRequest } from './batch-body.server.ts';
import { MAX_BATCHES_AT_ONCE, type Ingest } from './ingest.server.ts';
import { Refusal, putOff } from './refusal.server.ts';

/** Shorter than a device waits for its answer, longer than ingest waits for the queue. */
const ANSWER_LIMIT_MS = 20_000;

/** Answers that are for the device; any other is between the two services. */
const PASSED_ON: ReadonlySet<number> = new Set([202, 400, 408, 413, 415, 503]);
/** What ingest has to know of a batch beside its bytes. */
const REQUEST_HEADERS = ['content-type', 'content-encoding'];
const RESPONSE_HEADERS = ['content-type', 'accept-encoding', 'retry-after'];

/** What a relay needs; the limit is for tests. */
export type IngestRelayParts = {
  /** Origin of the service that publishes, without a slash at its end. */
  readonly ingestUrl: string;
  /** Headers that let this process in there. */
  readonly identify: () => Promise<Headers>;
  readonly logger: Logger;
  readonly answerLimitMs?: number;
};

/** Creates a relay. Where ingest does not answer as it should, a batch is put off with 503. */
export function createIngestRelay({
  ingestUrl,
  identify,
  logger,
  answerLimitMs = ANSWER_LIMIT_MS,
}: IngestRelayParts): Ingest {
  let batchesAtOnce = 0;

  async function passOn(request: BatchRequest): Promise<Response> {
    if (batchesAtOnce >= MAX_BATCHES_AT_ONCE) {
      throw putOff('Too many batches arrive at once. Send the batch again later.');
    }
    batchesAtOnce += 1;
    try {
      const body = await readBytes(request);
      const answer = await ask(body, request).catch((error: unknown) => {
        logger.error({ err: error, ingestUrl }, 'ingest cannot be reached');
        throw unreachable();
      });
      if (PASSED_ON.has(answer.status)) return answer;
      logger.error(
        { status: answer.status, ingestUrl },
        'ingest does not take this server’s batches',
      );
      throw unreachable();
    } finally {
      batchesAtOnce -= 1;
    }
  }

  /** Reads the answer whole, so that one that breaks off is none. */
  async function ask(body: Uint8Array<ArrayBuffer>, request: BatchRequest): Promise<Response> {
    const headers = await identify();
    copyHeaders(REQUEST_HEADERS, (name) => headerOf(request, name), headers);
    const answer = await fetch(`${ingestUrl}/metrics`, {
      method: 'POST',
      headers,
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(answerLimitMs),
    });
    const { status } = answer;
    const passed = new Headers();
    copyHeaders(RESPONSE_HEADERS, (name) => answer.headers.get(name), passed);
    return new Response(await answer.arrayBuffer(), { status, headers: passed });
  }

  return {
    async handle(request) {
      try {
        return await passOn(request);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return error.toResponse();
      }
    },
  };
}

function copyHeaders(
  names: readonly string[],
  read: (name: string) => string | null,
  to: Headers,
): void {
  for (const name of names) {
    const value = read(name);
    if (value !== null) to.set(name, value);
  }
}

function unreachable(): Refusal {
  return putOff('The server cannot take events at the moment. Send the batch again later.');
}
