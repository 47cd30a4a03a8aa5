// Groups events into batches that every server accepts.
import { MAX_BATCH_BYTES, MAX_BATCH_EVENTS } from './parse-batch.ts';
import type { MetricEvent } from './metric-event.ts';

/** Brackets and separating commas of a JSON array, per event. */
const ARRAY_BYTES_PER_EVENT = 2;

/** The longest prefix of `entries` whose JSON keeps within a batch's limits; never empty unless they are. */
export function firstBatch<T extends { readonly event: MetricEvent }>(
  entries: readonly T[],
): readonly T[] {
  const encoder = new TextEncoder();
  let bytes = 0;
  let count = 0;
  for (const { event } of entries.slice(0, MAX_BATCH_EVENTS)) {
    bytes += encoder.encode(JSON.stringify(event)).byteLength + ARRAY_BYTES_PER_EVENT;
    if (bytes > MAX_BATCH_BYTES && count > 0) break;
    count += 1;
  }
  return entries.slice(0, count);
}
