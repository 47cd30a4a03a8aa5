// What is around a raw network: pixels to tensors, tensors to poses, and whatever is kept from frame to
// frame. One implementation per family of networks serves every runtime.
import type { Pose } from '../pose/pose.ts';
import type { FrameSampler } from './frame-sampler.ts';
import type { TensorRunner } from './tensor-runner.ts';

/** How a pipeline runs, whatever its network. */
export type PipelineOptions = {
  /** The most people returned per frame; a network for one person returns one at most. */
  readonly maxPoses: number;
  /** Whether a frame may be searched where the last one had people; false for unrelated pictures. */
  readonly tracking: boolean;
  /** Whether keypoints are smoothed over time. Off unless asked for. */
  readonly smoothing: boolean;
};

/** The poses of a frame, in its pixels, and where the time went, in ms. */
export type PipelineEstimate = {
  readonly poses: readonly Pose[];
  readonly preprocessMs: number;
  /** Until the outputs were readable on the CPU; the sum over all networks that ran. */
  readonly inferenceMs: number;
  readonly postprocessMs: number;
};

/** Turns frames into poses. */
export interface PosePipeline {
  /** Locates people in one upright frame, which stays the caller's. `timestampMs` grows from call to call. */
  estimate(frame: VideoFrame, timestampMs: number): Promise<PipelineEstimate>;
  /** Forgets the people followed so far. */
  reset(): void;
}

/** What every pipeline is made from. Networks by their role in the model: `model`, `detector`, `landmarks`. */
export type PipelineParts = {
  readonly networks: Readonly<Record<string, TensorRunner>>;
  readonly options: PipelineOptions;
  readonly sampler: FrameSampler;
  /** Monotonic time in ms. */
  readonly clock: () => number;
};

/** A network and a pipeline do not fit. The message is one sentence: what, why, what to do. */
export class PipelineError extends Error {
  override readonly name = 'PipelineError';
}
