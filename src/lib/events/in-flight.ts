// Which batches are under way, and what else of the outbox may travel beside them.
import { formBatches } from './form-batches.ts';
import type { BatchLimits } from './form-batches.ts';
import type { Outbox, OutboxEntry } from './outbox.ts';
import { MAX_BATCH_EVENTS } from './parse-batch.ts';

/** Entries of one request, oldest first. */
export type EntryBatch = readonly OutboxEntry[];

/** The batches of one uploader between its outbox and the server. */
export type InFlight = {
  /** Batches under way. */
  readonly size: number;
  /**
   * The oldest entries that are not under way, as many as a batch may have. What comes back while the
   * outbox is read is among them: its events are older than the others of their run.
   */
  peek(): Promise<EntryBatch>;
  /** Batches of `entries` without the runs that are under way: a run is never in two batches. */
  form(entries: EntryBatch, limits: Omit<BatchLimits, 'heldRuns'>): readonly EntryBatch[];
  add(batch: EntryBatch): void;
  /** `isDelivered` when nothing of it is left in the outbox. */
  end(batch: EntryBatch, isDelivered: boolean): void;
};

/** Nothing is under way. */
export function createInFlight(outbox: Outbox): InFlight {
  const batches = new Set<EntryBatch>();
  let comebacks = 0;
  return {
    get size() {
      return batches.size;
    },
    async peek() {
      for (;;) {
        const seen = comebacks;
        const keys = new Set([...batches].flat().map(({ key }) => key));
        const entries = await outbox.peek(MAX_BATCH_EVENTS, keys);
        if (comebacks === seen) return entries;
      }
    },
    form(entries, limits) {
      const heldRuns = new Set([...batches].flat().map(({ event }) => event.subject));
      return formBatches(entries, { ...limits, heldRuns });
    },
    add(batch) {
      batches.add(batch);
    },
    end(batch, isDelivered) {
      batches.delete(batch);
      if (!isDelivered) comebacks += 1;
    },
  };
}
