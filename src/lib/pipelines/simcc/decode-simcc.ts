// SimCC: a joint's x and y as the strongest of two rows of bins.
// Source: Li et al., "SimCC" (ECCV 2022); MMPose, mmpose/codecs/utils/post_processing.py (get_simcc_maximum).
import type { Keypoint } from '../../pose/pose.ts';
import type { Region } from '../frame-sampler.ts';
import type { ImageSize } from '../image-tensor.ts';
import { toFrame } from '../region.ts';
import type { TensorData } from '../tensor-runner.ts';
import { toScore } from '../to-score.ts';

/** Joints of a network: COCO's. */
const JOINTS = 17;

/**
 * The joints in pixels of the frame that the region is in. The rows are those of joint 0 first, each as
 * long as the picture's side times the split ratio. A score is the lower of the two maxima, in [0, 1].
 * Bins count from the middle of the picture's first pixel: MMPose warps pictures and joints alike by
 * cv::warpAffine's indices of pixels (mmpose/datasets/transforms/topdown_transforms.py, TopdownAffine).
 */
export function decodeSimcc(
  xBins: TensorData,
  yBins: TensorData,
  picture: ImageSize,
  region: Region,
): Keypoint[] {
  const columns = xBins.length / JOINTS;
  const rows = yBins.length / JOINTS;
  return Array.from({ length: JOINTS }, (_, joint) => {
    const x = strongest(xBins, joint * columns, columns);
    const y = strongest(yBins, joint * rows, rows);
    const score = Math.min(xBins[joint * columns + x] ?? 0, yBins[joint * rows + y] ?? 0);
    return {
      ...toFrame(region, x / columns + 0.5 / picture.widthPx, y / rows + 0.5 / picture.heightPx),
      score: toScore(score),
    };
  });
}

/** The place of the largest of `count` values from `from` on; the first of equal ones. */
function strongest(values: TensorData, from: number, count: number): number {
  let best = 0;
  let most = -Infinity;
  for (let index = 0; index < count; index += 1) {
    const value = values[from + index] ?? 0;
    if (!(value > most)) continue;
    best = index;
    most = value;
  }
  return best;
}
