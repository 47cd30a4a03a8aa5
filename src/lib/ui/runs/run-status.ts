// What to say of a run's state, and in which tone. Red is broken, amber is not to be trusted.
import type { Verdict, VerdictReason } from '../../benchmark/verdict.ts';
import type { RunStatus } from './run-record.ts';

/** A run's state in words. */
export type StatusNote = {
  readonly label: string;
  readonly tone: 'live' | 'valid' | 'quiet' | 'doubtful' | 'broken';
  /** Why its numbers may not be used, less what the label says already. */
  readonly reasons: readonly VerdictReason[];
};

/** What the state is told from. */
export type StatusFacts = {
  readonly status: RunStatus;
  readonly verdict: Verdict | null;
  /** ISO 8601; null while it is not known. */
  readonly startedAt: string | null;
};

/** After an hour without its end, a run is hardly still going on. */
const OVERDUE_AFTER_MS = 3_600_000;

/** Why a run may never get its end. */
export const OVERDUE_TEXT =
  'The end of this run has not arrived. Its tab may have been closed, or the device may be offline.';

/** Why an interrupted run has no verdict. */
export const INTERRUPTED_TEXT =
  'The tab of this run was closed or crashed before its end, so the figures are of what was measured until then and have no verdict. Run it again for one.';

/** True for a run that has neither ended nor can be expected to be going on. */
export function isOverdue({ status, startedAt }: StatusFacts, nowMs: number): boolean {
  if (status !== 'running' || startedAt === null) return false;
  return nowMs - Date.parse(startedAt) > OVERDUE_AFTER_MS;
}

/** The state of a run at the moment `nowMs` (ms since 1970). */
export function statusNote(facts: StatusFacts, nowMs: number): StatusNote {
  const { status, verdict } = facts;
  const reasons = verdict?.reasons ?? [];
  switch (status) {
    case 'running':
      return isOverdue(facts, nowMs)
        ? { label: 'No end reported', tone: 'quiet', reasons }
        : { label: 'Running…', tone: 'live', reasons };
    case 'interrupted':
      return { label: 'Interrupted', tone: 'quiet', reasons };
    case 'finished':
      return reasons.length === 0
        ? { label: 'Valid', tone: 'valid', reasons }
        : { label: 'Not valid', tone: 'doubtful', reasons };
    case 'cancelled':
      return { label: 'Cancelled', tone: 'quiet', reasons: without(reasons, 'cancelled') };
    case 'failed':
      return { label: 'Failed', tone: 'broken', reasons: without(reasons, 'engine-error') };
  }
}

function without(reasons: readonly VerdictReason[], told: VerdictReason): VerdictReason[] {
  return reasons.filter((reason) => reason !== told);
}
