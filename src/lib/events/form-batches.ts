// Groups events that wait into batches that every server accepts and that can travel side by side.
import { MAX_BATCH_EVENTS } from './parse-batch.ts';
import type { MetricEvent } from './metric-event.ts';

/** How many batches of which size are wanted. */
export type BatchLimits = {
  readonly maxBatches: number;
  /** Of a batch as JSON in UTF-8, not packed. */
  readonly maxBytes: number;
  /** An event that is larger by itself: goes alone, or stays where it is, and its run with it. */
  readonly oversize: 'alone' | 'stays';
  /** Runs (subjects) of which nothing may be taken now. */
  readonly heldRuns: ReadonlySet<string>;
};

type Batch<Entry> = { readonly entries: Entry[]; bytes: number };

const OPENING_BRACKET_BYTES = 1;

const encoder = new TextEncoder();

/**
 * Disjoint batches of the oldest `entries`, each in their order. A run is in one batch at most, and no
 * event of it is left out before one that is taken, so the batches may arrive in any order.
 */
export function formBatches<Entry extends { readonly event: MetricEvent }>(
  entries: readonly Entry[],
  { maxBatches, maxBytes, oversize, heldRuns }: BatchLimits,
): readonly (readonly Entry[])[] {
  const batches: Batch<Entry>[] = [];
  const batchOfRun = new Map<string, Batch<Entry>>();
  const closedRuns = new Set(heldRuns);

  /** Where an event of a run may go; null when the run has to wait. */
  function findBatch(run: string, bytes: number): Batch<Entry> | null {
    const hasRoom = (batch: Batch<Entry>) =>
      batch.entries.length < MAX_BATCH_EVENTS && batch.bytes + bytes <= maxBytes;
    const ownBatch = batchOfRun.get(run);
    if (ownBatch) return hasRoom(ownBatch) ? ownBatch : null;
    const roomy = batches.find(hasRoom);
    if (roomy) return roomy;
    const fits = OPENING_BRACKET_BYTES + bytes <= maxBytes;
    if (batches.length >= maxBatches || (!fits && oversize === 'stays')) return null;
    const opened: Batch<Entry> = { entries: [], bytes: OPENING_BRACKET_BYTES };
    batches.push(opened);
    return opened;
  }

  for (const entry of entries) {
    const run = entry.event.subject;
    if (closedRuns.has(run)) continue;
    // With the comma or the bracket that follows it.
    const bytes = encoder.encode(JSON.stringify(entry.event)).byteLength + 1;
    const batch = findBatch(run, bytes);
    if (batch) {
      batch.entries.push(entry);
      batch.bytes += bytes;
      batchOfRun.set(run, batch);
    } else closedRuns.add(run);
  }
  return batches.map((batch) => batch.entries);
}
