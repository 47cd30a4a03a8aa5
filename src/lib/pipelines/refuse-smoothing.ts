// Only BlazePose's pipeline smooths; the others say so instead of measuring something else than was asked.
import { PipelineError } from './pose-pipeline.ts';
import type { PipelineParts } from './pose-pipeline.ts';

/** Throws a PipelineError when a pipeline that has no smoothing is asked to smooth. */
export function refuseSmoothing({ options }: PipelineParts, pipeline: string): void {
  if (!options.smoothing) return;
  throw new PipelineError(
    `The ${pipeline} pipeline does not smooth keypoints over time. Switch smoothing off for this model.`,
  );
}
