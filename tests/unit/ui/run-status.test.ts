import { describe, expect, it } from 'vitest';
import type { VerdictReason } from '../../../src/lib/benchmark/verdict.ts';
import type { RunStatus } from '../../../src/lib/ui/runs/run-record.ts';
import { isOverdue, statusNote } from '../../../src/lib/ui/runs/run-status.ts';

const STARTED_AT = '2026-11-20T12:00:00.000Z';
const SOON_MS = Date.parse(STARTED_AT) + 20_000;
const NEXT_DAY_MS = Date.parse(STARTED_AT) + 86_400_000;

function facts(status: RunStatus, reasons: readonly VerdictReason[] | null = null) {
  const verdict = reasons && { valid: reasons.length === 0, reasons };
  return { status, verdict, startedAt: STARTED_AT };
}

describe('statusNote', () => {
  it.each([
    [facts('running'), 'Running…', 'live', []],
    [facts('interrupted'), 'Interrupted', 'quiet', []],
    [facts('finished', []), 'Valid', 'valid', []],
    [facts('finished', ['tab-hidden']), 'Not valid', 'doubtful', ['tab-hidden']],
    [
      facts('cancelled', ['too-few-samples', 'cancelled']),
      'Cancelled',
      'quiet',
      ['too-few-samples'],
    ],
    [facts('failed', ['engine-error']), 'Failed', 'broken', []],
  ])('tells the label, the tone and what the label leaves out', (run, label, tone, reasons) => {
    expect(statusNote(run, SOON_MS)).toEqual({ label, tone, reasons });
  });

  it('does not claim that a run of yesterday is still running', () => {
    expect(statusNote(facts('running'), NEXT_DAY_MS).label).toBe('No end reported');
    expect(isOverdue(facts('running'), SOON_MS)).toBe(false);
    expect(isOverdue(facts('finished', []), NEXT_DAY_MS)).toBe(false);
    expect(isOverdue(facts('interrupted'), NEXT_DAY_MS)).toBe(false);
  });

  it('takes a run whose start has not arrived for a running one', () => {
    const run = { status: 'running', verdict: null, startedAt: null } as const;
    expect(statusNote(run, NEXT_DAY_MS).tone).toBe('live');
  });
});
