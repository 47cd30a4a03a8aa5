// The COCO keypoint format as far as the actor's ground truth uses it, with COCO's names and
// skeleton.
import { skeletons } from '../../src/lib/pose/skeletons.ts';

const { keypointNames, bones } = skeletons['coco-17'];

/** The 17 keypoint names in COCO's order; left and right are the person's own. */
export const COCO_KEYPOINTS = keypointNames;

/** Pairs of keypoints joined by a line, counted from 1 as COCO does. */
export const COCO_SKELETON = bones.map(([from, to]) => [from + 1, to + 1] as const);

/** COCO's visibility flag: 0 not in the picture, 1 in the picture but hidden, 2 visible. */
export type CocoVisibility = 0 | 1 | 2;

/** One frame of the clip. */
export interface CocoImage {
  /** frame_index + 1. */
  readonly id: number;
  readonly file_name: string;
  /** Position in the clip, from 0. */
  readonly frame_index: number;
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
}

/** x, y, width and height. */
export type CocoBox = readonly [number, number, number, number];

/** One person in one frame; lengths in source pixels. */
export interface CocoAnnotation {
  readonly id: number;
  readonly image_id: number;
  readonly category_id: 1;
  /** x, y, v for each keypoint; 0, 0, 0 where it is not in the picture. */
  readonly keypoints: readonly number[];
  readonly num_keypoints: number;
  readonly bbox: CocoBox;
  /** Around the head; not COCO's but PoseTrack's. */
  readonly bbox_head: CocoBox;
  /** Square pixels. */
  readonly area: number;
  readonly iscrowd: 0;
}

/**
 * A stretch of the clip as the reader of the ground truth sees it; frames from 0, both ends
 * inclusive.
 */
export interface ActorSegment {
  readonly name: string;
  readonly firstFrame: number;
  readonly lastFrame: number;
  readonly light: 'bright' | 'dim';
  readonly background: 'plain' | 'busy';
  /** No pixel of the actor is in the picture. */
  readonly outOfFrame: boolean;
}

/** What the file says about itself. */
export interface ActorInfo {
  readonly description: string;
  readonly version: string;
  readonly frames_per_second: number;
  readonly segments: readonly ActorSegment[];
  /** Size in bytes and SHA-256 (hex) of the clip that these annotations belong to. */
  readonly clip: { readonly bytes: number; readonly sha256: string };
}

/** The ground truth file of the actor clip. */
export interface ActorGroundTruth {
  readonly info: ActorInfo;
  readonly licenses: readonly {
    readonly id: number;
    readonly name: string;
    readonly url: string;
  }[];
  readonly images: readonly CocoImage[];
  readonly categories: readonly {
    readonly id: 1;
    readonly name: 'person';
    readonly supercategory: 'person';
    readonly keypoints: readonly string[];
    readonly skeleton: readonly (readonly number[])[];
  }[];
  readonly annotations: readonly CocoAnnotation[];
}
