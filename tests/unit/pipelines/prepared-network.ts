// What a pipeline needs around it in a test without a runtime: a network whose answers are prepared, a
// sampler that notes where it was asked to look, and frames that have a size and no pixels.
import type { ImageInput, Region } from '../../../src/lib/pipelines/frame-sampler.ts';
import type { PipelineParts } from '../../../src/lib/pipelines/pose-pipeline.ts';
import type {
  InputTensor,
  Tensor,
  TensorInfo,
  TensorRunner,
  TensorType,
} from '../../../src/lib/pipelines/tensor-runner.ts';

/** An input or output of a network. */
export function tensorInfo(
  name: string,
  shape: readonly number[],
  type: TensorType = 'float32',
): TensorInfo {
  return { name, type, shape };
}

/**
 * A network that answers each run with the next prepared outputs, and the last ones from then on: those that
 * the pipeline wants, as runtimes do.
 */
export type PreparedNetwork = TensorRunner & {
  readonly given: Readonly<Record<string, InputTensor>>[];
};

/** `outputs` and `answers` tell the same tensors: their shapes, and their values run by run. */
export function prepareNetwork(
  inputs: readonly TensorInfo[],
  outputs: readonly TensorInfo[],
  answers: readonly Readonly<Record<string, Tensor>>[] = [],
): PreparedNetwork {
  const given: Readonly<Record<string, InputTensor>>[] = [];
  return {
    inputs,
    outputs,
    given,
    async run(feeds, wanted) {
      given.push(feeds);
      const answer = answers[Math.min(given.length, answers.length) - 1];
      if (!answer) throw new Error('No answer was prepared.');
      const chosen = Object.entries(answer).filter(([name]) => wanted?.includes(name) ?? true);
      return Object.fromEntries(chosen);
    },
    dispose() {},
  };
}

/** What the sampler was asked for. */
export type Sampling = { readonly region: Region; readonly input: ImageInput };

/** The parts of a pipeline, and what it asks of its sampler. */
export function prepareParts(
  networks: Readonly<Record<string, TensorRunner>>,
  options: Partial<PipelineParts['options']> = {},
): { readonly parts: PipelineParts; readonly sampled: Sampling[] } {
  const sampled: Sampling[] = [];
  let nowMs = 0;
  return {
    sampled,
    parts: {
      networks,
      options: { maxPoses: 10, tracking: true, smoothing: false, ...options },
      sampler: {
        async sample(_frame, region, input) {
          sampled.push({ region, input });
        },
      },
      clock: () => (nowMs += 1),
    },
  };
}

/** A frame as pipelines see it without a sampler: its size. */
export function sizedFrame(displayWidth: number, displayHeight: number): VideoFrame {
  return { displayWidth, displayHeight } as VideoFrame;
}
