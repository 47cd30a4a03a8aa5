// One batch, one request: the only place that knows how events travel. Used by the page and by bench.
import { BATCH_MEDIA_TYPE } from './parse-batch.ts';
import type { MetricEvent } from './metric-event.ts';

/** What became of a batch. `retry` may succeed later; `rejected` never will. */
export type SendOutcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'retry'; readonly reason: string }
  | { readonly kind: 'rejected'; readonly reason: string };

/** How long a server may take to answer, in ms. */
const ANSWER_LIMIT_MS = 15_000;

/** Statuses after which the same bytes can succeed later; every other 4xx is final. */
const RETRYABLE_STATUSES: ReadonlySet<number> = new Set([401, 403, 408, 425, 429]);
const FIRST_SERVER_ERROR = 500;

/** Posts a batch to `endpoint`. Never throws: a server out of reach is an outcome. */
export async function sendBatch(
  endpoint: string | URL,
  events: readonly MetricEvent[],
): Promise<SendOutcome> {
  let response: Response;
  try {
    response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': BATCH_MEDIA_TYPE },
      body: JSON.stringify(events),
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
  } catch {
    return { kind: 'retry', reason: 'the server did not answer' };
  }
  if (response.status === 202) return { kind: 'accepted' };
  const reason = `HTTP ${response.status}: ${await errorText(response)}`;
  const retryable =
    response.status >= FIRST_SERVER_ERROR || RETRYABLE_STATUSES.has(response.status);
  return { kind: retryable ? 'retry' : 'rejected', reason };
}

async function errorText(response: Response): Promise<string> {
  try {
    const body: unknown = await response.json();
    if (body && typeof body === 'object' && 'error' in body) return String(body.error);
  } catch {
    // Not JSON: the status alone must do.
  }
  return response.statusText;
}
