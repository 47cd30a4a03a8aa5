// The events that this process holds, in the order in which they came, and which of them are next. Passive:
// deliveries and rests are delivery.server.ts's part.
import type { MetricEvent } from '../../../src/lib/events/metric-event.ts';
import type { HeldMessage } from './held-message.server.ts';

/** Events per delivery: enough to share one write, few enough to be written in a moment. */
export const DELIVERY_EVENTS = 64;
/** Of their messages: a tenth of what Firestore takes in one write. A larger event goes alone. */
export const DELIVERY_BYTES = 1_000_000;

/** An event that is held. */
export type HeldEvent = {
  readonly message: HeldMessage;
  readonly event: MetricEvent;
  /** Deliveries that failed. */
  attempts: number;
};

/** What is held. */
export type HeldEvents = {
  /** Takes over an event; a message that is held already is settled together with its repeat. */
  add(message: HeldMessage, event: MetricEvent): void;
  /**
   * What may be delivered now: events that came together, or one alone that failed before, or none. They are
   * busy from now on, and so are their runs.
   */
  take(): readonly HeldEvent[];
  /** Ends the rest of an event that failed: it may be taken again. */
  wake(one: HeldEvent): void;
  /** Lets go of an event, for good or to be delivered again. */
  settle(one: HeldEvent, isTaken: boolean): void;
  /** Has an event delivered again, and what waits behind it in its run, which would overtake it. */
  giveBack(one: HeldEvent): void;
  /** Has everything delivered again that is not busy. */
  giveBackWaiting(): void;
};

type Entry = HeldEvent & { isBusy: boolean; readonly repeats: HeldMessage[] };

/** Nothing is held at first. */
export function createHeldEvents(): HeldEvents {
  /** By the message's id, the oldest first. */
  const entries = new Map<string, Entry>();

  function settle({ message: { id } }: HeldEvent, isTaken: boolean): void {
    const entry = entries.get(id);
    if (entry === undefined) return;
    entries.delete(id);
    for (const message of [entry.message, ...entry.repeats]) message.settle(isTaken);
  }

  function giveBackIdle(runId?: string): void {
    for (const entry of [...entries.values()]) {
      const isOfRun = runId === undefined || entry.event.subject === runId;
      if (isOfRun && !entry.isBusy) settle(entry, false);
    }
  }

  return {
    add(message, event) {
      const entry = entries.get(message.id);
      if (entry) entry.repeats.push(message);
      else entries.set(message.id, { message, event, attempts: 0, isBusy: false, repeats: [] });
    },

    take() {
      const batch = chooseBatch(entries.values());
      for (const entry of batch) entry.isBusy = true;
      return batch;
    },

    wake({ message: { id } }) {
      const entry = entries.get(id);
      if (entry) entry.isBusy = false;
    },

    settle,

    giveBack(one) {
      settle(one, false);
      giveBackIdle(one.event.subject);
    },

    giveBackWaiting: () => giveBackIdle(),
  };
}

/** An event waits while an earlier one of its run is busy; one that failed before is delivered alone. */
function chooseBatch(entries: Iterable<Entry>): readonly Entry[] {
  const batch: Entry[] = [];
  const busyRuns = new Set<string>();
  let bytes = 0;
  for (const entry of entries) {
    const runId = entry.event.subject;
    if (busyRuns.has(runId)) continue;
    if (entry.isBusy) {
      busyRuns.add(runId);
      continue;
    }
    if (entry.attempts > 0) return batch.length > 0 ? batch : [entry];
    bytes += entry.message.data.byteLength;
    if (batch.length > 0 && bytes > DELIVERY_BYTES) return batch;
    batch.push(entry);
    if (batch.length === DELIVERY_EVENTS) return batch;
  }
  return batch;
}
