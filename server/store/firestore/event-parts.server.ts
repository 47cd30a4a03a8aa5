// Cuts a batch of events into what one transaction each can write. Pure.
import type { MetricEvent } from '../../../src/lib/events/metric-event.ts';

/**
 * Firestore takes 10 MiB at a time, but its emulator only what gRPC takes by itself, 4 MiB. Beside the events there
 * are the run's document, of 1 MiB at most, and names.
 */
const MAX_PART_BYTES = 2 * 1024 * 1024;
/** A transaction holds its run's lock while it is written: some seconds at most. */
const MAX_PART_EVENTS = 500;

/** Events of one run, and where they stand in the batch. */
export type EventPart = {
  readonly events: readonly [MetricEvent, ...MetricEvent[]];
  readonly positions: readonly number[];
};

/** The batch by run, and each run in parts that must be written one after the other. */
export function cutByRun(
  events: readonly MetricEvent[],
  maxBytes = MAX_PART_BYTES,
): readonly (readonly EventPart[])[] {
  const positions = new Map<string, number[]>();
  for (const [position, { subject }] of events.entries()) {
    const ofRun = positions.get(subject);
    if (ofRun === undefined) positions.set(subject, [position]);
    else ofRun.push(position);
  }
  return [...positions.values()].map((ofRun) => cutBySize(events, ofRun, maxBytes));
}

function cutBySize(
  events: readonly MetricEvent[],
  positions: readonly number[],
  maxBytes: number,
): readonly EventPart[] {
  const parts: { events: [MetricEvent, ...MetricEvent[]]; positions: number[] }[] = [];
  let room = 0;
  for (const position of positions) {
    const event = events[position];
    if (event === undefined) throw new Error(`There is no event ${position} of ${events.length}.`);
    const bytes = Buffer.byteLength(JSON.stringify(event.data));
    const part = parts.at(-1);
    if (part === undefined || bytes > room || part.events.length === MAX_PART_EVENTS) {
      parts.push({ events: [event], positions: [position] });
      room = maxBytes - bytes;
    } else {
      part.events.push(event);
      part.positions.push(position);
      room -= bytes;
    }
  }
  return parts;
}
