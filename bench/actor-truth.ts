// The actor's ground truth, and how well poses agree with it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCocoAnnotations } from '../src/lib/metrics/coco-annotations.ts';
import type { AnnotatedPerson } from '../src/lib/metrics/coco-evaluation.ts';
import { matchPeople, meanOksOf } from '../src/lib/metrics/person-matches.ts';

const TRUTH_FILE = join(import.meta.dirname, '../static/clips/actor.gt.json');

/** The true pose of each frame of the actor, in pixels; null where no joint of his is in the picture. */
export type ActorTruth = readonly (AnnotatedPerson | null)[];

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
  const frames = predictions.flatMap((keypoints, frame) => {
    const expected = truth[frame];
    if (!expected || !isCounted(frame)) return [];
    return { people: [expected], detections: keypoints ? [{ keypoints, score: 1 }] : [] };
  });
  return meanOksOf(matchPeople(frames));
}
