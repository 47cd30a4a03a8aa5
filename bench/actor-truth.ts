// The actor's ground truth, and how well the poses of a run agree with it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { oks } from '../src/lib/metrics/oks.ts';
import type { TruePose } from '../src/lib/metrics/oks.ts';
import { toCoco17 } from '../src/lib/pose/coco-mapping.ts';
import type { Pose } from '../src/lib/pose/pose.ts';

const TRUTH_FILE = join(import.meta.dirname, '../static/clips/actor.gt.json');

/** The true pose of each frame of the actor, by the frame's position; none while he is out of the picture. */
export type ActorTruth = ReadonlyMap<number, TruePose>;

/** The part of a COCO keypoint file that is needed. */
type CocoFile = {
  readonly images: readonly { readonly id: number; readonly frame_index: number }[];
  readonly annotations: readonly {
    readonly image_id: number;
    readonly area: number;
    readonly keypoints: readonly number[];
  }[];
};

/** Reads the ground truth that lies beside the clip. */
export async function readActorTruth(): Promise<ActorTruth> {
  const { images, annotations } = JSON.parse(await readFile(TRUTH_FILE, 'utf8')) as CocoFile;
  const frameOf = new Map(images.map(({ id, frame_index }) => [id, frame_index]));
  return new Map(
    annotations.map(({ image_id, area, keypoints }) => [
      frameOf.get(image_id) ?? -1,
      { areaPx: area, keypoints: triples(keypoints) },
    ]),
  );
}

/**
 * Mean OKS in [0, 1] of the best pose of each frame that has a true one; a person not found counts 0.
 * `poses` has one entry per frame from the first. Null when none of the frames has a true pose.
 */
export function meanOks(truth: ActorTruth, poses: readonly (Pose | null)[]): number | null {
  const values = poses.flatMap((pose, frame) => {
    const expected = truth.get(frame);
    if (!expected) return [];
    return [pose ? (oks(toCoco17(pose), expected) ?? 0) : 0];
  });
  if (values.length === 0) return null;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function triples(flat: readonly number[]): { x: number; y: number; v: number }[] {
  return Array.from({ length: flat.length / 3 }, (_, joint) => {
    const [x = 0, y = 0, v = 0] = flat.slice(3 * joint, 3 * joint + 3);
    return { x, y, v };
  });
}
