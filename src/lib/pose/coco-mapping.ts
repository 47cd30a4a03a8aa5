// How each skeleton's keypoints map to COCO-17, the common ground on which models are compared.
import type { Keypoint, Pose } from './pose.ts';
import type { SkeletonId } from './skeletons.ts';

/**
 * For each COCO-17 keypoint, the index of the keypoint of the same name in the source skeleton: nothing is
 * averaged or made up. docs/skeletons.md shows it as a table, with what it does not even out.
 */
export const cocoIndices: Readonly<Record<SkeletonId, readonly number[]>> = {
  'coco-17': [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
  'blazepose-33': [0, 2, 5, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28],
  'openpose-18': [0, 15, 14, 17, 16, 5, 2, 6, 3, 7, 4, 11, 8, 12, 9, 13, 10],
  'openpose-25': [0, 16, 15, 18, 17, 5, 2, 6, 3, 7, 4, 12, 9, 13, 10, 14, 11],
};

/**
 * The 17 COCO keypoints of a pose, in COCO order and the pose's own coordinate space.
 * Throws a RangeError when the pose has fewer keypoints than its skeleton names.
 */
export function toCoco17(pose: Pose): readonly Keypoint[] {
  return cocoIndices[pose.skeleton].map((index) => {
    const keypoint = pose.keypoints[index];
    if (!keypoint) throw new RangeError(`A ${pose.skeleton} pose has no keypoint ${index}.`);
    return keypoint;
  });
}
