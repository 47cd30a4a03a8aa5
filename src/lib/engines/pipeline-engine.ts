// A PoseEngine made of a runtime that executes raw networks and one of our pipelines. LiteRT.js and
// ONNX Runtime Web differ only in how they open a network.
import { createPipeline } from '../pipelines/create-pipeline.ts';
import type { RawPipelineConfig } from '../pipelines/pipeline-config.ts';
import { createFrameSampler } from '../pipelines/sampling/create-frame-sampler.ts';
import { PipelineError } from '../pipelines/pose-pipeline.ts';
import type { PosePipeline } from '../pipelines/pose-pipeline.ts';
import type { TensorRunner } from '../pipelines/tensor-runner.ts';
import type { BackendId } from '../models/model-spec.ts';
import { digestOfFiles } from '../weights/digest-of-files.ts';
import { readWeights } from '../weights/read-weights.ts';
import { callsInTurn } from './calls-in-turn.ts';
import { disposeAfterFailure, disposeAll } from './dispose-all.ts';
import { watchDevice } from './loss-watch.ts';
import type { LossWatch } from './loss-watch.ts';
import { EngineError } from './pose-engine.ts';
import type { BareEngine, EngineLoadRequest } from './pose-engine.ts';
import { reasonOf } from './reason-of.ts';

/** A runtime that has started on a backend. */
export type TensorRuntime = {
  readonly version: string;
  /** Where it really runs. */
  readonly backendUsed: BackendId;
  readonly threadsUsed: number | null;
  /** What it computes on, known once a network is open; left out where it is no WebGPU device. */
  readonly gpuDevice?: () => Promise<Pick<GPUDevice, 'lost'>>;
  /** Opens a network. Throws when its bytes are damaged or it has an operator the runtime lacks. */
  open(weights: Uint8Array<ArrayBuffer>): Promise<TensorRunner>;
};

/** What a runtime is started with. */
export type TensorRuntimeOptions = {
  readonly backend: BackendId;
  readonly threads: number | null;
};

/**
 * An engine that has loaded nothing yet. `title` names the runtime in messages; `start` starts it, once
 * for each load, and throws an EngineError where the device lacks the backend.
 */
export function createPipelineEngine(
  title: string,
  start: (options: TensorRuntimeOptions) => Promise<TensorRuntime>,
): BareEngine {
  let networks: Record<string, TensorRunner> = {};
  let pipeline: PosePipeline | null = null;
  let watch: LossWatch | null = null;

  function dispose(): void {
    const opened = Object.values(networks);
    networks = {};
    pipeline = null;
    watch = null;
    disposeAll(opened.map((network) => () => network.dispose()));
  }

  return callsInTurn({
    async load(request) {
      dispose();
      const startMs = performance.now();
      const runtime = await start({ backend: request.backend, threads: request.options.threads });
      try {
        for (const file of request.files) {
          const weights = await readWeights(request.modelId, file);
          networks[file.name] = await open(title, request.modelId, runtime, weights);
        }
        watch = runtime.gpuDevice ? watchDevice(title, await runtime.gpuDevice()) : null;
        pipeline = createPipeline(rawPipelineOf(request), {
          networks,
          options: request.options,
          sampler: createFrameSampler(),
          clock: () => performance.now(),
        });
      } catch (cause) {
        disposeAfterFailure(dispose);
        throw cause instanceof PipelineError ? new EngineError(cause.message) : cause;
      }
      return {
        engineVersion: runtime.version,
        modelSha256: digestOfFiles(request.files),
        backendUsed: runtime.backendUsed,
        threadsUsed: runtime.threadsUsed,
        loadMs: performance.now() - startMs,
      };
    },

    async estimate(frame, timestampMs) {
      try {
        if (!pipeline) throw new EngineError('No model is loaded. Load one before estimating.');
        const running = pipeline;
        const work = () => running.estimate(frame, timestampMs);
        const { poses, ...stages } = await (watch ? watch.orLost(work) : work());
        const { preprocessMs, inferenceMs, postprocessMs } = stages;
        return { poses, ...stages, engineMs: preprocessMs + inferenceMs + postprocessMs };
      } finally {
        frame.close();
      }
    },

    async reset() {
      pipeline?.reset();
    },

    async dispose() {
      dispose();
    },
  });
}

async function open(
  title: string,
  modelId: string,
  runtime: TensorRuntime,
  weights: Uint8Array<ArrayBuffer>,
): Promise<TensorRunner> {
  try {
    return await runtime.open(weights);
  } catch (cause) {
    throw new EngineError(
      `${title} could not load ${modelId}: ${reasonOf(cause)}. Choose another engine or backend for this model.`,
    );
  }
}

function rawPipelineOf({ modelId, pipeline }: EngineLoadRequest): RawPipelineConfig {
  switch (pipeline.kind) {
    case 'mediapipe-pose-landmarker':
    case 'tfjs-blazepose':
    case 'tfjs-movenet':
    case 'tfjs-posenet':
      throw new EngineError(
        `${modelId} belongs to a closed pipeline (${pipeline.kind}), which this engine does not have. Choose another target.`,
      );
    default:
      return pipeline;
  }
}
