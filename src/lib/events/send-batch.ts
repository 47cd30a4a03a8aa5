// One batch, one request: the only place that knows how events travel. Used by the page and by bench.
import { BATCH_MEDIA_TYPE } from './parse-batch.ts';
import { readRetryAfter } from './retry-after.ts';
import type { MetricEvent } from './metric-event.ts';

/** What a server has against one event of a batch: its position in it, and why. */
export type EventRefusal = { readonly index: number; readonly message: string };

/** What became of a batch. `reason` completes "because …". */
export type SendOutcome =
  | { readonly kind: 'accepted' }
  /**
   * It may succeed later, as it is. `afterMs` is what the server asks to wait, null if it does not.
   * `isLasting`: what answered is not a Kinemark that takes events, which rarely changes soon.
   */
  | {
      readonly kind: 'retry';
      readonly reason: string;
      readonly afterMs: number | null;
      readonly isLasting?: boolean;
    }
  /** It may succeed with another token. */
  | { readonly kind: 'unauthorised'; readonly reason: string }
  /** It may succeed in parts. */
  | { readonly kind: 'too-large'; readonly reason: string }
  /** It never will. `faults` may name some of the events that are why, or none. */
  | {
      readonly kind: 'rejected';
      readonly reason: string;
      readonly faults: readonly EventRefusal[];
    };

/** How a batch is sent. */
export type SendOptions = {
  /**
   * The request outlives the page, and goes as it is: packing takes time that a page being closed may not
   * have. Browsers then refuse more than 64 KiB.
   */
  readonly keepalive?: boolean;
  readonly fetch?: typeof fetch;
  /** Gives the request up: the outcome is `retry`. */
  readonly signal?: AbortSignal;
  /** How long the whole request may take, in ms; by default what the slowest line needs for it, and 15 s. */
  readonly answerLimitMs?: number;
};

/** How long a server may take to answer once it has the batch, in ms. */
const ANSWER_LIMIT_MS = 15_000;
/** The slowest line that is waited for: GPRS in a cellar. */
const SLOWEST_LINE_BYTES_PER_MS = 2;
/** Our server stops receiving a request after this (server/http-server.server.ts). */
const LONGEST_UPLOAD_MS = 60_000;

const ACCEPTED = 202;
const TOO_LARGE = 413;
const UNAUTHORISED: ReadonlySet<number> = new Set([401, 403]);
const REJECTED: ReadonlySet<number> = new Set([400, 422]);
/** Request Timeout, Too Early, Too Many Requests. */
const RETRYABLE: ReadonlySet<number> = new Set([408, 425, 429]);
const FIRST_SERVER_ERROR = 500;

/** Posts a batch to `endpoint`, packed. Never rejects: a server out of reach is an outcome. */
export async function sendBatch(
  endpoint: string | URL,
  events: readonly MetricEvent[],
  { keepalive = false, fetch: request = fetch, signal, answerLimitMs }: SendOptions = {},
): Promise<SendOutcome> {
  const giveUp = new AbortController();
  const onAbort = () => giveUp.abort();
  signal?.addEventListener('abort', onAbort);
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const json = new TextEncoder().encode(JSON.stringify(events));
    const body = keepalive ? json : await gzip(json);
    timer = setTimeout(onAbort, answerLimitMs ?? timeLimitMs(body.byteLength));
    if (signal?.aborted) onAbort();
    const response = await request(endpoint, {
      method: 'POST',
      headers: {
        'content-type': BATCH_MEDIA_TYPE,
        ...(keepalive ? {} : { 'content-encoding': 'gzip' }),
      },
      body,
      keepalive,
      signal: giveUp.signal,
    });
    return await readOutcome(response);
  } catch {
    const reason = giveUp.signal.aborted
      ? 'the server did not answer in time'
      : 'the server could not be reached';
    return { kind: 'retry', reason, afterMs: null };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

function timeLimitMs(bytes: number): number {
  return ANSWER_LIMIT_MS + Math.min(LONGEST_UPLOAD_MS, bytes / SLOWEST_LINE_BYTES_PER_MS);
}

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

async function readOutcome(response: Response): Promise<SendOutcome> {
  const { status, headers } = response;
  if (status === ACCEPTED) {
    // Read to its end, so that the connection can be used again; the status has said it all.
    await response.text().catch(() => '');
    return { kind: 'accepted' };
  }
  const answer = await readAnswer(response);
  const reason = `HTTP ${status}: ${answer?.error ?? response.statusText}`;
  if (UNAUTHORISED.has(status)) return { kind: 'unauthorised', reason };
  if (status === TOO_LARGE) return { kind: 'too-large', reason };
  // Something between us and Kinemark may refuse any request (a cookie too long): nothing is wrong with
  // the events then, and setting them aside would empty the outbox.
  if (REJECTED.has(status) && answer) return { kind: 'rejected', reason, faults: answer.faults };
  const afterMs = readRetryAfter(headers, Date.now());
  const isLasting = status < FIRST_SERVER_ERROR && !RETRYABLE.has(status);
  return { kind: 'retry', reason, afterMs, isLasting };
}

/** What Kinemark's ingest says about a refusal; null when something else has answered. */
type Answer = { readonly error: string; readonly faults: readonly EventRefusal[] };

async function readAnswer(response: Response): Promise<Answer | null> {
  try {
    const body: unknown = await response.json();
    if (!isRecord(body) || typeof body['error'] !== 'string') return null;
    const faults: readonly unknown[] = Array.isArray(body['faults']) ? body['faults'] : [];
    return { error: body['error'], faults: faults.flatMap(readFault) };
  } catch {
    return null;
  }
}

function readFault(fault: unknown): readonly EventRefusal[] {
  if (!isRecord(fault) || typeof fault['index'] !== 'number') return [];
  const { index, path, message } = fault;
  return [{ index, message: [path, message].filter(Boolean).join(': ') }];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
