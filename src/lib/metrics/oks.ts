// Object keypoint similarity, COCO's measure of how close a pose is to the truth.

/** A true joint in pixels; `v` is COCO's visibility: 0 not labelled, 1 occluded, 2 visible. */
export type TrueKeypoint = { readonly x: number; readonly y: number; readonly v: number };

/** One annotated person: 17 joints in COCO order and the area of the person's segment in px². */
export type TruePose = { readonly keypoints: readonly TrueKeypoint[]; readonly areaPx: number };

/** COCO's per-joint standard deviations, as fractions of √area (pycocotools, `kpt_oks_sigmas`). */
export const cocoSigmas: readonly number[] = [
  0.026, 0.025, 0.025, 0.035, 0.035, 0.079, 0.079, 0.072, 0.072, 0.062, 0.062, 0.107, 0.107, 0.087,
  0.087, 0.089, 0.089,
];

/**
 * OKS in [0, 1] of 17 predicted joints (COCO order, same pixel space as the truth):
 * Σ exp(−d² / (2·area·(2σ)²)) over labelled joints, divided by their count. Null when no joint is
 * labelled. Source: COCO keypoint evaluation, cocodataset.org/#keypoints-eval.
 */
export function oks(
  prediction: readonly { readonly x: number; readonly y: number }[],
  truth: TruePose,
): number | null {
  let sum = 0;
  let labelled = 0;
  for (const [joint, sigma] of cocoSigmas.entries()) {
    const expected = truth.keypoints[joint];
    if (!expected || expected.v === 0) continue;
    labelled += 1;
    const actual = prediction[joint];
    if (!actual) continue;
    const squaredDistance = (actual.x - expected.x) ** 2 + (actual.y - expected.y) ** 2;
    sum += jointSimilarity(squaredDistance, truth.areaPx, sigma);
  }
  return labelled === 0 ? null : sum / labelled;
}

/** One joint's term of OKS, in [0, 1]: squared distance and area in px², the joint's σ of `cocoSigmas`. */
export function jointSimilarity(squaredDistance: number, areaPx: number, sigma: number): number {
  return Math.exp(-squaredDistance / (2 * areaPx * (2 * sigma) ** 2));
}
