// The actor's ground truth, and how well poses agree with it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCocoAnnotations } from '../src/lib/metrics/coco-annotations.ts';
import { oks } from '../src/lib/metrics/oks.ts';
import type { TruePose } from '../src/lib/metrics/oks.ts';

const TRUTH_FILE = join(import.meta.dirname, '../static/clips/actor.gt.json');

/** The true pose of each frame of the actor, in pixels; null where no joint of his is in the picture. */
export type ActorTruth = readonly (TruePose | null)[];

/** Reads the ground truth that lies beside the clip. */
export async function readActorTruth(): Promise<ActorTruth> {
  return actorTruthOf(JSON.parse(await readFile(TRUTH_FILE, 'utf8')));
}

/** The same from the file's parsed JSON, whose images are numbered in the order of the frames. */
export function actorTruthOf(file: unknown): ActorTruth {
  return readCocoAnnotations(file).map(
    ({ people }) => people.find(({ isIgnored }) => !isIgnored) ?? null,
  );
}

/**
 * Mean OKS in [0, 1] over the frames that have a true pose and that `isCounted` accepts; a person not found
 * counts 0. `predictions` has one entry per frame from the first: 17 joints in COCO order in pixels, or
 * null. Null when no frame counts.
 */
export function meanOks(
  truth: ActorTruth,
  predictions: readonly (readonly { readonly x: number; readonly y: number }[] | null)[],
  isCounted: (frame: number) => boolean = () => true,
): number | null {
  const values = predictions.flatMap((joints, frame) => {
    const expected = truth[frame];
    return expected && isCounted(frame) ? (oks(joints ?? [], expected) ?? []) : [];
  });
  if (values.length === 0) return null;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
