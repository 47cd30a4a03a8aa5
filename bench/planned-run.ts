// A run that is asked for: of a model, on a source, under conditions.
import type { Target } from '../src/lib/models/target.ts';
import type { HeadlessRequest } from '../src/lib/ui/headless-api.ts';
import type { BenchSource } from './headless-tab.ts';

/** How a run is made, apart from its target and its source. */
export type RunConditions = Omit<HeadlessRequest, 'targetId' | 'deviceId' | 'keypoints'>;

export type PlannedRun = {
  readonly source: BenchSource;
  /** Null is the model of the user's own, whose targets are known when the page has read it. */
  readonly target: Target | null;
  readonly conditions: RunConditions;
};

/** The same for runs of the same target under the same conditions: one is a repetition of the other. */
export function keyOfRun({ target, conditions }: Omit<PlannedRun, 'source'>): string {
  return JSON.stringify([target?.id, conditions]);
}
