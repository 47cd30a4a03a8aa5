// Percentage of correct keypoints: the share of labelled joints that are near enough to the truth.
import type { JointOutcome } from './joint-outcomes.ts';

/** Torso diameters within which PCK@0.2 takes a joint for correct. */
export const PCK_TORSO_SHARE = 0.2;
/** Head lengths within which PCKh@0.5 does. */
export const PCKH_HEAD_SHARE = 0.5;

/**
 * PCK@0.2 in [0, 1], over all labelled joints of people whose torso has a diameter; joints of somebody who
 * was not found are wrong. Null without such a joint. Source: Yang & Ramanan, Articulated Human Detection
 * with Flexible Mixtures of Parts, PAMI 2013, normalised by the torso as in Sapp & Taskar (2013).
 */
export function pckOf(outcomes: readonly JointOutcome[]): number | null {
  return shareWithin(outcomes, PCK_TORSO_SHARE, ({ torsoPx }) => torsoPx);
}

/**
 * PCKh@0.5 in [0, 1], over all labelled joints of people whose head is annotated; joints of somebody who was
 * not found are wrong. Null without such a joint. Source: Andriluka et al., CVPR 2014.
 */
export function pckhOf(outcomes: readonly JointOutcome[]): number | null {
  return shareWithin(outcomes, PCKH_HEAD_SHARE, ({ headPx }) => headPx);
}

function shareWithin(
  outcomes: readonly JointOutcome[],
  share: number,
  lengthOf: (outcome: JointOutcome) => number | null,
): number | null {
  let correct = 0;
  let counted = 0;
  for (const outcome of outcomes) {
    const lengthPx = lengthOf(outcome);
    if (lengthPx === null) continue;
    counted += 1;
    if (outcome.distancePx <= share * lengthPx) correct += 1;
  }
  return counted === 0 ? null : correct / counted;
}
