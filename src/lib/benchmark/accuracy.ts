// What a run's accuracy against ground truth consists of. How it is computed: accuracy-of-run.ts.
import type { CocoKeypointMetrics } from '../metrics/coco-evaluation.ts';
import type { JointAccuracy } from '../metrics/joint-accuracy.ts';

/** How right the poses of a run were, and over how much ground truth. Fractions in [0, 1]. */
export type RunAccuracy = CocoKeypointMetrics & {
  /** Annotated frames or pictures that were processed, and the people in them who are to be found. */
  readonly images: number;
  readonly people: number;
  /** Over annotated people, each with the detection that is theirs; somebody not found counts 0. */
  readonly meanOks: number | null;
  /** Over those of them who have a detection at all: low only where poses are wrong, and not just missing. */
  readonly meanOksOfFound: number | null;
  /** PCK@0.2: share of labelled joints within 0.2 torso diameters; null where no torso is labelled. */
  readonly pck: number | null;
  /** PCKh@0.5: share of labelled joints within half a head's length; null where heads are not annotated. */
  readonly pckh: number | null;
  /** One entry per COCO joint, in COCO's order. */
  readonly joints: readonly JointAccuracy[];
};
