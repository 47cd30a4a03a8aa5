// Chooses the pipeline for a model. The one place that knows them all.
import { createBlazeposePipeline } from './blazepose/blazepose-pipeline.ts';
import { createMovenetMultiPipeline } from './movenet/movenet-multi-pipeline.ts';
import { createMovenetPipeline } from './movenet/movenet-pipeline.ts';
import { createOpenposePipeline } from './openpose/openpose-pipeline.ts';
import type { RawPipelineConfig } from './pipeline-config.ts';
import type { PipelineParts, PosePipeline } from './pose-pipeline.ts';
import { createSimccPipeline } from './simcc/simcc-pipeline.ts';
import { createYoloPosePipeline } from './yolo-pose/yolo-pose-pipeline.ts';

/** The pipeline that a model asks for. Throws a PipelineError when its networks' shapes do not fit. */
export function createPipeline(config: RawPipelineConfig, parts: PipelineParts): PosePipeline {
  switch (config.kind) {
    case 'blazepose':
      return createBlazeposePipeline(parts);
    case 'movenet-single':
      return createMovenetPipeline(parts);
    case 'movenet-multi':
      return createMovenetMultiPipeline(parts);
    case 'openpose':
      return createOpenposePipeline(config, parts);
    case 'yolo-pose':
      return createYoloPosePipeline(parts);
    case 'simcc':
      return createSimccPipeline(config, parts);
  }
}
