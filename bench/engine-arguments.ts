// How the engines are to run, as the command line says it.
import { MAX_POSES, MAX_THREADS } from '../src/lib/benchmark/run-plan.ts';
import { defaultEngineOptions } from '../src/lib/engines/default-options.ts';
import type { EngineOptions } from '../src/lib/engines/pose-engine.ts';
import { BenchError } from './bench-error.ts';
import { readCount } from './read-count.ts';

/** COCO looks at no more people of an image. */
const MAX_POSES_OF_IMAGE = 20;

/** The arguments as they were given. */
export type EngineArguments = {
  readonly threads?: string | undefined;
  readonly 'max-poses'?: string | undefined;
  readonly smoothing?: boolean | undefined;
};

/**
 * The engines' options. Pictures have nothing to do with each other, so nobody is followed from one to the
 * next, and as many people are asked for as COCO counts. Throws a BenchError naming what is wrong.
 */
export function readEngineArguments(args: EngineArguments, onImages: boolean): EngineOptions {
  const { threads, 'max-poses': maxPoses, smoothing = false } = args;
  if (onImages && smoothing) {
    throw new BenchError(
      '--smoothing and --images exclude each other, because pictures do not follow one another. Leave one of them out.',
    );
  }
  const usualPoses = onImages ? MAX_POSES_OF_IMAGE : defaultEngineOptions.maxPoses;
  return {
    threads: threads === undefined ? null : readCount('--threads', threads, 1, MAX_THREADS),
    maxPoses:
      maxPoses === undefined ? usualPoses : readCount('--max-poses', maxPoses, 1, MAX_POSES),
    tracking: !onImages,
    smoothing,
  };
}
