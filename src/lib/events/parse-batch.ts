// One parser of batches of events, for browser and server.
import * as v from 'valibot';
import { metricEventSchema } from './metric-event.ts';
import type { MetricEvent } from './metric-event.ts';
import { createQuickCheck } from './quick-check.ts';

/** Media type of a batch of events (CloudEvents 1.0, JSON format §4). */
export const BATCH_MEDIA_TYPE = 'application/cloudevents-batch+json';

/** Limits of one batch, for the uploader and the server alike. */
export const MAX_BATCH_EVENTS = 500;
export const MAX_BATCH_BYTES = 400_000;

/** What is wrong with one event of a batch: its position, the dotted path inside it, and why. */
export type EventFault = {
  readonly index: number;
  readonly path: string;
  readonly message: string;
};

/** A batch that was read whole, or every fault found in it; never a part of it. */
export type ParsedBatch =
  | { readonly ok: true; readonly events: readonly MetricEvent[] }
  | { readonly ok: false; readonly faults: readonly EventFault[] };

const isPlainlyValid = createQuickCheck(metricEventSchema);

/** Reads a decoded JSON value as a batch of events. Does not throw on bad input. */
export function parseBatch(value: unknown): ParsedBatch {
  if (!Array.isArray(value)) {
    return batchFault('a batch is a JSON array of events');
  }
  if (value.length === 0 || value.length > MAX_BATCH_EVENTS) {
    return batchFault(`a batch holds 1 to ${MAX_BATCH_EVENTS} events, not ${value.length}`);
  }
  const events: MetricEvent[] = [];
  const faults: EventFault[] = [];
  for (const [index, item] of value.entries()) {
    if (isPlainlyValid(item)) {
      events.push(item as MetricEvent);
      continue;
    }
    const parsed = v.safeParse(metricEventSchema, item);
    if (parsed.success) events.push(parsed.output);
    else {
      for (const issue of parsed.issues) {
        faults.push({ index, path: v.getDotPath(issue) ?? '', message: issue.message });
      }
    }
  }
  return faults.length === 0 ? { ok: true, events } : { ok: false, faults };
}

function batchFault(message: string): ParsedBatch {
  return { ok: false, faults: [{ index: -1, path: '', message }] };
}
