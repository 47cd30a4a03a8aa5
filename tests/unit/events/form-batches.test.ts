import { describe, expect, it } from 'vitest';
import { formBatches } from '../../../src/lib/events/form-batches.ts';
import type { BatchLimits } from '../../../src/lib/events/form-batches.ts';
import type { MetricEvent } from '../../../src/lib/events/metric-event.ts';
import { MAX_BATCH_BYTES, MAX_BATCH_EVENTS } from '../../../src/lib/events/parse-batch.ts';
import { eventOf, runId } from './sent-batches.ts';

const limits: BatchLimits = {
  maxBatches: 5,
  maxBytes: MAX_BATCH_BYTES,
  oversize: 'alone',
  heldRuns: new Set(),
};

/** `A1` is event 1 of run A. */
function entriesOf(names: string, bytes?: Readonly<Record<string, number>>) {
  return names.split(' ').map((name) => {
    const event = eventOf(name.charCodeAt(0), Number(name.slice(1)), bytes?.[name]);
    return { name, event };
  });
}

function namesOf(batches: readonly (readonly { readonly name: string }[])[]): readonly string[] {
  return batches.map((batch) => batch.map(({ name }) => name).join(' '));
}

function jsonBytes(events: readonly { readonly event: MetricEvent }[]): number {
  return new TextEncoder().encode(JSON.stringify(events.map(({ event }) => event))).byteLength;
}

describe('formBatches', () => {
  it('puts what fits into one batch, in order', () => {
    const batches = formBatches(entriesOf('A0 B0 A1 C0 B1'), limits);
    expect(namesOf(batches)).toEqual(['A0 B0 A1 C0 B1']);
    expect(formBatches([], limits)).toEqual([]);
  });

  it('fills a batch to exactly its bytes', () => {
    const entries = entriesOf('A0 A1 A2');
    const maxBytes = jsonBytes(entries.slice(0, 2));
    expect(namesOf(formBatches(entries, { ...limits, maxBytes }))).toEqual(['A0 A1']);
    expect(namesOf(formBatches(entries, { ...limits, maxBytes: maxBytes - 1 }))).toEqual(['A0']);
  });

  it('counts bytes of UTF-8, not characters', () => {
    const entries = entriesOf('A0 A1').map((entry) => ({
      ...entry,
      event: { ...entry.event, source: 'ü'.repeat(1000) },
    }));
    const maxBytes = jsonBytes(entries) - 1;
    expect(namesOf(formBatches(entries, { ...limits, maxBytes }))).toEqual(['A0']);
  });

  it('keeps within the number of events', () => {
    const event = { id: 'a', subject: 'a' } as MetricEvent;
    const entries = Array.from({ length: MAX_BATCH_EVENTS + 1 }, () => ({ event }));
    const sizes = formBatches(entries, limits).map(({ length }) => length);
    expect(sizes).toEqual([MAX_BATCH_EVENTS]);
  });

  it('never has a run in two batches, nor an event before an earlier one of its run', () => {
    const bytes = { A0: 100_000, A1: 350_000, A2: 2000, B0: 200_000, C0: 300_000 };
    const batches = formBatches(entriesOf('A0 A1 A2 B0 C0 B1', bytes), limits);
    // A1 has no room beside A0, so A2 waits with it; B and C go where there is room for them.
    expect(namesOf(batches)).toEqual(['A0 B0 B1', 'C0']);
  });

  it('makes no more batches than wanted', () => {
    const bytes = { A0: 300_000, B0: 300_000, C0: 300_000 };
    const entries = entriesOf('A0 B0 C0', bytes);
    expect(namesOf(formBatches(entries, { ...limits, maxBatches: 2 }))).toEqual(['A0', 'B0']);
    expect(formBatches(entries, { ...limits, maxBatches: 0 })).toEqual([]);
  });

  it('takes nothing of runs that are held', () => {
    const heldRuns = new Set([runId('A'.charCodeAt(0))]);
    const batches = formBatches(entriesOf('A0 B0 A1'), { ...limits, heldRuns });
    expect(namesOf(batches)).toEqual(['B0']);
  });

  it('sends an event alone that is too large by itself, or leaves it and its run', () => {
    const entries = entriesOf('A0 A1 B0', { A0: MAX_BATCH_BYTES });
    expect(namesOf(formBatches(entries, limits))).toEqual(['A0', 'B0']);
    expect(namesOf(formBatches(entries, { ...limits, oversize: 'stays' }))).toEqual(['B0']);
  });
});
