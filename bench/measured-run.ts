// A run that was made, and what others are compared with it by.
import type { RunSummary } from '../src/lib/benchmark/run-result.ts';
import type { HeadlessOutcome } from '../src/lib/ui/headless-api.ts';

/** Where in a sweep a run was made. */
export type RunPlace = {
  /** Which opened source, from 0. */
  readonly stage: number;
  /** Which round on that source, from 0. */
  readonly round: number;
  /** The run's position among those that were asked for: it orders the rows of tables. */
  readonly order: number;
};

export type MeasuredRun = RunPlace & {
  readonly summary: RunSummary;
  /** End to end, per frame in the order in which they were done. In ms. */
  readonly latenciesMs: readonly number[];
};

/** The run as it left the page. */
export function measuredRunOf({ summary, events }: HeadlessOutcome, place: RunPlace): MeasuredRun {
  const latenciesMs = events.flatMap((event) =>
    event.type === 'kinemark.run.window.v1' ? event.data.latencyMs.endToEnd : [],
  );
  return { ...place, summary, latenciesMs };
}
