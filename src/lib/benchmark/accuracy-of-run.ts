// How accurate a run over annotated frames was: its poses are held against who is really there.
import type { AnnotatedFrame } from '../metrics/annotated-frames.ts';
import { evaluateCocoKeypoints } from '../metrics/coco-evaluation.ts';
import type { CocoDetection } from '../metrics/coco-evaluation.ts';
import { jointAccuraciesOf } from '../metrics/joint-accuracy.ts';
import { jointOutcomesOf } from '../metrics/joint-outcomes.ts';
import { pckOf, pckhOf } from '../metrics/pck.ts';
import { matchPeople, meanOksOf } from '../metrics/person-matches.ts';
import { toCoco17 } from '../pose/coco-mapping.ts';
import type { Pose } from '../pose/pose.ts';
import type { RunAccuracy } from './accuracy.ts';
import type { FrameSample } from './run-result.ts';

/**
 * The accuracy over the annotated frames that were processed: frames that were dropped or never reached are
 * left out. Only the first stream's first pass counts, whose poses are kept. `truth` comes in the order of
 * its images' ids; a detection's confidence is its pose's score. Null when none of the processed frames is
 * annotated.
 */
export function accuracyOfRun(
  samples: readonly FrameSample[],
  truth: readonly AnnotatedFrame[],
): RunAccuracy | null {
  const posesByFrame = new Map(
    samples.filter(keepsPoses).map(({ index, poses }) => [index, poses]),
  );
  const images = truth.flatMap(({ index, people }) => {
    const poses = posesByFrame.get(index);
    return poses ? [{ people, detections: poses.map(detectionOf) }] : [];
  });
  if (images.length === 0) return null;
  const matches = matchPeople(images);
  const outcomes = jointOutcomesOf(matches);
  return {
    images: images.length,
    people: matches.length,
    ...evaluateCocoKeypoints(images),
    meanOks: meanOksOf(matches),
    meanOksOfFound: meanOksOf(matches.filter(({ found }) => found !== null)),
    pck: pckOf(outcomes),
    pckh: pckhOf(outcomes),
    joints: jointAccuraciesOf(outcomes),
  };
}

/** Of later frames it is only known how many people were found. */
function keepsPoses({ pass, stream, people, poses }: FrameSample): boolean {
  return pass === 0 && stream === 0 && poses.length === people;
}

function detectionOf(pose: Pose): CocoDetection {
  return { keypoints: toCoco17(pose), score: pose.score };
}
