// The samples of a run while it goes on, as numbers: an object per frame and keypoint would take ten times as
// much, and all of it in the page's memory.
import { skeletons } from '../pose/skeletons.ts';
import type { SkeletonId } from '../pose/skeletons.ts';
import type { Keypoint, Pose } from '../pose/pose.ts';
import { createNumberLog } from './number-log.ts';
import type { MeasurementsLostError } from './number-log.ts';
import type { FrameSample } from './run-result.ts';

/** Of a frame without poses: 15 doubles, 120 bytes. */
const columns = [
  'index',
  'pass',
  'stream',
  'people',
  'ptsMs',
  'doneMs',
  'endToEndMs',
  'decodeMs',
  'queueMs',
  'transferMs',
  'engineMs',
  'preprocessMs',
  'inferenceMs',
  'postprocessMs',
] as const satisfies readonly Exclude<keyof FrameSample, 'poses'>[];

/** 512 KiB: some minutes of frames, or 20 s with the 33 keypoints of one person each. */
const CHUNK_NUMBERS = 65_536;

const skeletonIds = Object.keys(skeletons) as SkeletonId[];

/** What is left of a log. */
export type SamplesLeft = {
  /** All of them or, where some were lost, those before. */
  readonly samples: readonly FrameSample[];
  readonly loss: MeasurementsLostError | null;
};

/** Samples in the order in which they were added. */
export type SampleLog = {
  add(sample: FrameSample): void;
  /** All of them, as they were, as far as the browser still has them. */
  read(): Promise<SamplesLeft>;
};

/** An empty log. Takes samples whose figures are finite (require-figures.ts). */
export function createSampleLog(): SampleLog {
  const log = createNumberLog(CHUNK_NUMBERS);
  return {
    add({ poses, ...figures }) {
      // No figure is NaN, so it can stand for null.
      for (const name of columns) log.add(figures[name] ?? NaN);
      log.add(poses.length);
      for (const { skeleton, score, keypoints } of poses) {
        log.add(skeletonIds.indexOf(skeleton));
        log.add(score);
        log.add(keypoints.length);
        for (const keypoint of keypoints) {
          log.add(keypoint.x);
          log.add(keypoint.y);
          log.add(keypoint.score);
        }
      }
    },
    async read() {
      const { numbers, loss } = await log.read();
      let at = 0;
      const next = (): number => {
        at += 1;
        return numbers[at - 1] ?? NaN;
      };
      const samples: FrameSample[] = [];
      // The last one may be cut off in its middle.
      while (endOfSample(numbers, at) <= numbers.length) samples.push(readSample(next));
      return { samples, loss };
    },
  };
}

/** Where the sample that begins at `start` ends; beyond the numbers, or NaN, where it is cut off. */
function endOfSample(numbers: Float64Array, start: number): number {
  let end = start + columns.length;
  const poses = numbers[end] ?? NaN;
  end += 1;
  for (let pose = 0; pose < poses; pose += 1) {
    const keypoints = numbers[end + 2] ?? NaN;
    end += 3 + 3 * keypoints;
  }
  return end;
}

function readSample(next: () => number): FrameSample {
  const figures = columns.map((name) => {
    const value = next();
    return [name, Number.isNaN(value) ? null : value] as const;
  });
  // As `add` wrote it, name by name.
  const sample = Object.fromEntries(figures) as Omit<FrameSample, 'poses'>;
  return { ...sample, poses: Array.from({ length: next() }, () => readPose(next)) };
}

function readPose(next: () => number): Pose {
  const skeleton = skeletonIds[next()];
  if (!skeleton) throw new RangeError('The log does not begin a pose here.');
  const score = next();
  const keypoints = Array.from({ length: next() }, (): Keypoint => ({
    x: next(),
    y: next(),
    score: next(),
  }));
  return { skeleton, score, keypoints };
}
