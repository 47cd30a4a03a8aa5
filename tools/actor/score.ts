// How well detections agree with the actor's ground truth: pure sums, no browser and no files.
import { oks, type TruePose } from '../../src/lib/metrics/oks.ts';
import { cocoIndices } from '../../src/lib/pose/coco-mapping.ts';
import type { ActorGroundTruth, CocoAnnotation } from './coco.ts';
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
  const annotations = new Map(truth.annotations.map((item) => [item.image_id, item]));
  const oksValues: number[] = [];
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
    const annotation = annotations.get(image.id);
    if (annotation === undefined || annotation.num_keypoints === 0) continue;
    const prediction = landmarks === null ? [] : toPixels(landmarks, image.width, image.height);
    oksValues.push(oks(prediction, toTruePose(annotation)) ?? 0);
  }
  return {
    frames,
    meanOks: mean(oksValues),
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

function toTruePose({ keypoints, area }: CocoAnnotation): TruePose {
  const triples = [];
  for (let at = 0; at < keypoints.length; at += 3) {
    const [x = 0, y = 0, v = 0] = keypoints.slice(at, at + 3);
    triples.push({ x, y, v });
  }
  return { keypoints: triples, areaPx: area };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
