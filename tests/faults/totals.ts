// Adds up the verdicts of schedules.
import type { Verdict } from './check-schedule.ts';

/** Of all schedules so far. */
export type Totals = {
  readonly schedules: number;
  /** Schedules with a problem of any kind. */
  readonly failed: number;
  /** That are in the store in the end. */
  readonly events: number;
  readonly lost: number;
  readonly twice: number;
};

export const noTotals: Totals = { schedules: 0, failed: 0, events: 0, lost: 0, twice: 0 };

/** The totals with one more schedule. */
export function addVerdict(totals: Totals, verdict: Verdict): Totals {
  return {
    schedules: totals.schedules + 1,
    failed: totals.failed + (isFailure(verdict) ? 1 : 0),
    events: totals.events + verdict.events,
    lost: totals.lost + verdict.lost.length,
    twice: totals.twice + verdict.twice.length,
  };
}

/** Whether anything is not as it must be. */
export function isFailure({ lost, twice, wrong }: Verdict): boolean {
  return lost.length + twice.length + wrong.length > 0;
}

/** `N schedules, M events, 0 lost, 0 twice`, and how many failed where some did. */
export function describeTotals({ schedules, failed, events, lost, twice }: Totals): string {
  const line = `${schedules} schedules, ${events} events, ${lost} lost, ${twice} twice`;
  return failed === 0 ? line : `${line}, ${failed} schedules failed`;
}
