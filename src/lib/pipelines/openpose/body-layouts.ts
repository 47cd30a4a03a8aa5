// What the channels of an OpenPose network mean: one heat map per joint and one for the background, then
// two channels per limb with the direction from its first joint to its second.
// Source: OpenPose, src/openpose/pose/poseParameters.cpp (POSE_BODY_PART_PAIRS, POSE_MAP_INDEX).
import type { SkeletonId } from '../../pose/skeletons.ts';

/** A limb: its two joints, and the channel among the part affinity fields of its x component; y follows. */
export type LimbKind = {
  readonly from: number;
  readonly to: number;
  readonly channel: number;
};

/** The channels of a network. */
export type BodyLayout = {
  readonly skeleton: SkeletonId;
  readonly jointCount: number;
  /** Joints and background. */
  readonly heatChannels: number;
  readonly affinityChannels: number;
  readonly limbs: readonly LimbKind[];
  /**
   * Joints that do not count as evidence of a person: the same foot often appears as left and right
   * (OpenPose, src/openpose/net/bodyPartConnectorBase.cpp, removePeopleBelowThresholds).
   */
  readonly firstFootJoint: number;
};

/** The two layouts OpenPose's models come in. */
export const bodyLayouts: Readonly<Record<'openpose-18' | 'openpose-25', BodyLayout>> = {
  'openpose-18': {
    skeleton: 'openpose-18',
    jointCount: 18,
    heatChannels: 19,
    affinityChannels: 38,
    limbs: limbs([
      [1, 2, 12],
      [1, 5, 20],
      [2, 3, 14],
      [3, 4, 16],
      [5, 6, 22],
      [6, 7, 24],
      [1, 8, 0],
      [8, 9, 2],
      [9, 10, 4],
      [1, 11, 6],
      [11, 12, 8],
      [12, 13, 10],
      [1, 0, 28],
      [0, 14, 30],
      [14, 16, 34],
      [0, 15, 32],
      [15, 17, 36],
      [2, 16, 18],
      [5, 17, 26],
    ]),
    firstFootJoint: 18,
  },
  'openpose-25': {
    skeleton: 'openpose-25',
    jointCount: 25,
    heatChannels: 26,
    affinityChannels: 52,
    limbs: limbs([
      [1, 8, 0],
      [1, 2, 14],
      [1, 5, 22],
      [2, 3, 16],
      [3, 4, 18],
      [5, 6, 24],
      [6, 7, 26],
      [8, 9, 6],
      [9, 10, 2],
      [10, 11, 4],
      [8, 12, 8],
      [12, 13, 10],
      [13, 14, 12],
      [1, 0, 30],
      [0, 15, 32],
      [15, 17, 36],
      [0, 16, 34],
      [16, 18, 38],
      [2, 17, 20],
      [5, 18, 28],
      [14, 19, 40],
      [19, 20, 42],
      [14, 21, 44],
      [11, 22, 46],
      [22, 23, 48],
      [11, 24, 50],
    ]),
    firstFootJoint: 19,
  },
};

function limbs(rows: readonly (readonly [number, number, number])[]): readonly LimbKind[] {
  return rows.map(([from, to, channel]) => ({ from, to, channel }));
}
