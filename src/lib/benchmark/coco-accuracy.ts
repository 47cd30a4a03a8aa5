// How accurate a run over annotated pictures was, by COCO's keypoint metrics.
import type { AnnotatedImage } from '../metrics/coco-annotations.ts';
import { evaluateCocoKeypoints } from '../metrics/coco-evaluation.ts';
import type { CocoDetection } from '../metrics/coco-evaluation.ts';
import { toCoco17 } from '../pose/coco-mapping.ts';
import type { CocoAccuracy, FrameSample } from './run-result.ts';

/**
 * The accuracy over the annotated pictures that were processed; the others are left out. `fileNames` has
 * the name of each frame's picture, `truth` is ordered by id. A detection's confidence is its pose's
 * score. Null when none of the processed pictures is annotated.
 */
export function cocoAccuracyOf(
  samples: readonly FrameSample[],
  fileNames: readonly string[],
  truth: readonly AnnotatedImage[],
): CocoAccuracy | null {
  const detections = new Map(
    samples.map((sample) => [fileNames[sample.index], detectionsOf(sample)]),
  );
  const images = truth.flatMap(({ fileName, people }) => {
    const found = detections.get(fileName);
    return found ? [{ people, detections: found }] : [];
  });
  if (images.length === 0) return null;
  return {
    images: images.length,
    people: images.flatMap(({ people }) => people.filter(({ isIgnored }) => !isIgnored)).length,
    ...evaluateCocoKeypoints(images),
  };
}

function detectionsOf({ poses }: FrameSample): CocoDetection[] {
  return poses.map((pose) => ({ keypoints: toCoco17(pose), score: pose.score }));
}
