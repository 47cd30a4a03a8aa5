import { expect, it } from 'vitest';
import { createPipeline } from '../../../src/lib/pipelines/create-pipeline.ts';
import type { RawPipelineConfig } from '../../../src/lib/pipelines/pipeline-config.ts';
import { PipelineError } from '../../../src/lib/pipelines/pose-pipeline.ts';
import { prepareParts } from './prepared-network.ts';

const normalisation = { channels: 'rgb', mean: [0, 0, 0], std: [1, 1, 1] } as const;

it.each<RawPipelineConfig>([
  { kind: 'movenet-single' },
  { kind: 'movenet-multi' },
  { kind: 'openpose', skeleton: 'openpose-18', normalisation },
  { kind: 'yolo-pose' },
  { kind: 'simcc', normalisation, splitRatio: 2 },
])('$kind does not take a wish for smoothing and ignore it', (config) => {
  const create = (smoothing: boolean) =>
    createPipeline(config, prepareParts({}, { smoothing }).parts);
  expect(() => create(true)).toThrow(PipelineError);
  expect(() => create(true)).toThrow(/does not smooth.*Switch smoothing off/);
  // Without the wish it gets as far as looking for its network.
  expect(() => create(false)).toThrow(/named "model"/);
});
