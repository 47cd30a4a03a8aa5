// How well detections agree with the actor's ground truth: pure sums, no browser and no files.
import { actorTruthOf, meanOks } from '../../bench/actor-truth.ts';
import { cocoIndices } from '../../src/lib/pose/coco-mapping.ts';
import type { ActorGroundTruth } from './coco.ts';
import type { DetectedFrames, Landmark } from './score-page.ts';

/** The agreement over some frames. A share or mean is NaN where no frame counts towards it. */
export interface Score {
  /** Frames looked at. */
  readonly frames: number;
  /** Mean OKS in [0, 1] over the frames with a labelled keypoint; a person not found counts 0. */
  readonly meanOks: number;
  /** Share of the frames in which somebody was found. */
  readonly detectionRate: number;
  /** Mean visibility in [0, 1] that the model gives to the 17 COCO keypoints of found persons. */
  readonly meanVisibility: number;
}

/** Scores the frames, counted from 0, that `isCounted` accepts. */
export function scoreFrames(
  truth: ActorGroundTruth,
  detected: DetectedFrames,
  isCounted: (frame: number) => boolean,
): Score {
  const predictions = truth.images.map(({ frame_index, width, height }) => {
    const landmarks = detected[frame_index];
    return landmarks ? toPixels(landmarks, width, height) : null;
  });
  const visibilities: number[] = [];
  let frames = 0;
  let found = 0;
  for (const image of truth.images) {
    if (!isCounted(image.frame_index)) continue;
    frames++;
    const landmarks = detected[image.frame_index] ?? null;
    if (landmarks !== null) {
      found++;
      visibilities.push(mean(toCoco(landmarks).map(({ visibility }) => visibility)));
    }
  }
  return {
    frames,
    meanOks: meanOks(actorTruthOf(truth), predictions, isCounted) ?? Number.NaN,
    detectionRate: found / frames,
    meanVisibility: mean(visibilities),
  };
}

function toCoco(landmarks: readonly Landmark[]): Landmark[] {
  return cocoIndices['blazepose-33'].map((index) => {
    const landmark = landmarks[index];
    if (landmark === undefined) throw new RangeError(`A pose has no landmark ${index}.`);
    return landmark;
  });
}

function toPixels(
  landmarks: readonly Landmark[],
  widthPx: number,
  heightPx: number,
): { x: number; y: number }[] {
  return toCoco(landmarks).map(({ x, y }) => ({ x: x * widthPx, y: y * heightPx }));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
