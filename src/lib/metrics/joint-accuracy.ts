// The accuracy of each COCO joint by itself: a model may be right about knees and wrong about wrists.
import { skeletons } from '../pose/skeletons.ts';
import type { JointOutcome } from './joint-outcomes.ts';
import { pckOf } from './pck.ts';
import { quantile, sortedSamples } from './quantile.ts';

/** How right a model was about one joint. */
export type JointAccuracy = {
  /** One of the names of `skeletons['coco-17']`. */
  readonly joint: string;
  /** People in whom this joint is labelled. */
  readonly labelled: number;
  /** PCK@0.2 of this joint alone, in [0, 1]; null where nobody with a torso has it labelled. */
  readonly pck: number | null;
  /** Median distance from the truth in torso diameters, over people who were found; null without any. */
  readonly medianDistance: number | null;
  /** Mean of the joint's term of OKS, in [0, 1]; somebody not found counts 0. Null where never labelled. */
  readonly meanOks: number | null;
};

/** One entry per COCO joint, in COCO's order. */
export function jointAccuraciesOf(outcomes: readonly JointOutcome[]): JointAccuracy[] {
  return skeletons['coco-17'].keypointNames.map((joint, index) => {
    const own = outcomes.filter((outcome) => outcome.joint === index);
    const distances = own.flatMap(({ distancePx, torsoPx }) =>
      torsoPx !== null && Number.isFinite(distancePx) ? [distancePx / torsoPx] : [],
    );
    return {
      joint,
      labelled: own.length,
      pck: pckOf(own),
      medianDistance: quantile(sortedSamples(distances), 0.5),
      meanOks:
        own.length === 0
          ? null
          : own.reduce((sum, { similarity }) => sum + similarity, 0) / own.length,
    };
  });
}
