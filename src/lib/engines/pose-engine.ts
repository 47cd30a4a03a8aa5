// The contract between a run and the library that executes a model. No engine's own types here.
import type { BackendId, PinnedFile } from '../models/model-spec.ts';
import type { PipelineConfig } from '../pipelines/pipeline-config.ts';
import type { PipelineOptions } from '../pipelines/pose-pipeline.ts';
import type { Pose } from '../pose/pose.ts';
import type { SkeletonId } from '../pose/skeletons.ts';
import type { WasmHeaps } from './wasm-heap.ts';

/** How a model runs: part of a run's plan, the same whatever the engine. */
export type EngineOptions = PipelineOptions & {
  /** Threads on wasm; null leaves it to `defaultThreads`. Engines without a choice ignore it and say so. */
  readonly threads: number | null;
};

/** What an engine is asked to load. */
export type EngineLoadRequest = {
  readonly modelId: string;
  readonly files: readonly PinnedFile[];
  readonly pipeline: PipelineConfig;
  readonly skeleton: SkeletonId;
  readonly backend: BackendId;
  readonly options: EngineOptions;
};

/** What was loaded. `loadMs` spans runtime start, weights (from cache or network) and graph creation. */
export type EngineLoadReport = {
  readonly engineVersion: string;
  /** Of the file; of several files, of their names and digests (weights/digest-of-files.ts). */
  readonly modelSha256: string;
  /** Differs from the request's when the engine fell back; such a run is invalid. */
  readonly backendUsed: BackendId;
  /** Threads really used; null where the engine does not tell, or on a GPU. */
  readonly threadsUsed: number | null;
  readonly loadMs: number;
};

/**
 * The poses of one frame and where the time went, in ms, measured inside the engine until the result
 * was readable by the CPU. A closed pipeline leaves its stages null; `engineMs` is always their sum.
 */
export type PoseEstimate = {
  readonly poses: readonly Pose[];
  /** When the engine began with the frame, on the `performance.now()` of whoever called it. */
  readonly startedMs: number;
  readonly engineMs: number;
  readonly preprocessMs: number | null;
  readonly inferenceMs: number | null;
  readonly postprocessMs: number | null;
};

/** What the thread tells that an engine runs in. */
export interface EngineMemory {
  /**
   * Linear memory of the thread's WebAssembly modules; that of a runtime that was disposed of counts until
   * it is collected. Null where there is none. Waits for no turn.
   */
  wasmHeaps(): Promise<WasmHeaps | null>;
  /** Makes the thread's garbage collector run soon (hasten-collection.ts). */
  hastenCollection(): Promise<void>;
}

/**
 * Runs one pose model. Lives in a worker (engines/<engine>/) and, as a client, on the page. Calls take
 * effect in the order in which they are made, one after the other.
 */
export interface PoseEngine extends EngineMemory {
  /** Starts the runtime and loads the weights. Throws an EngineError with a sentence for the user. */
  load(request: EngineLoadRequest): Promise<EngineLoadReport>;
  /**
   * Locates people in one upright frame; keypoints come back in its pixels. Takes the frame over and
   * closes it on every path. `timestampMs` starts anywhere and must grow from call to call.
   */
  estimate(frame: VideoFrame, timestampMs: number): Promise<PoseEstimate>;
  /** Forgets the people followed so far, so that the next frame is treated as the first. */
  reset(): Promise<void>;
  /** Frees the model's memory. The engine may be loaded again afterwards. */
  dispose(): Promise<void>;
}

/** An engine by itself, which knows nothing of the thread around it. */
export type BareEngine = Omit<PoseEngine, keyof EngineMemory>;

/** An engine could not do what was asked. The message is one sentence: what, why, what to do. */
export class EngineError extends Error {
  override readonly name: string = 'EngineError';
}

const LOST_NAME = 'EngineLostError';

/**
 * An engine is gone, with all that it held: its worker died or hangs, or the GPU was taken from it. Unlike
 * after any other failure, a new engine with the same model may well go on.
 */
export class EngineLostError extends EngineError {
  override readonly name = LOST_NAME;
}

/** Whether it is an EngineError of whichever thread: what comes from a worker has its name, but not its class. */
export function isEngineError(cause: unknown): cause is Error {
  return cause instanceof Error && (cause.name === 'EngineError' || cause.name === LOST_NAME);
}

/** Whether it is an EngineLostError of whichever thread. */
export function isEngineLost(cause: unknown): cause is Error {
  return cause instanceof Error && cause.name === LOST_NAME;
}
