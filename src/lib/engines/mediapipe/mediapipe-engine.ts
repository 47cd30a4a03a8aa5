// MediaPipe Tasks' Pose Landmarker as a PoseEngine: a whole pipeline of its own, measured as its users
// run it. It hides its stages, so only the time of the whole call is known.
import { PoseLandmarker } from '@mediapipe/tasks-vision';
import type { PoseLandmarkerResult } from '@mediapipe/tasks-vision';
import wasmLoaderPath from '@mediapipe/tasks-vision/vision_wasm_module_internal.js?url';
import wasmBinaryPath from '@mediapipe/tasks-vision/vision_wasm_module_internal.wasm?url';
import type { BackendId } from '../../models/model-spec.ts';
import { meanKeypointScore } from '../../pose/pose.ts';
import type { Pose } from '../../pose/pose.ts';
import type { SkeletonId } from '../../pose/skeletons.ts';
import { digestOfFiles } from '../../weights/digest-of-files.ts';
import { readWeights } from '../../weights/read-weights.ts';
import { callsInTurn } from '../calls-in-turn.ts';
import { disposeAll } from '../dispose-all.ts';
import { watchContext } from '../loss-watch.ts';
import type { LossWatch } from '../loss-watch.ts';
import { EngineError } from '../pose-engine.ts';
import type { BareEngine, EngineLoadRequest } from '../pose-engine.ts';
import { reasonOf } from '../reason-of.ts';

/** The version package.json pins; the package does not tell it at run time. */
const TASKS_VISION_VERSION = '1.1.0';

/** The path of a script that is there already. */
const NOTHING_TO_LOAD = '';

/** MediaPipe's name for each backend that it has. */
const delegates: Readonly<Partial<Record<BackendId, 'CPU' | 'GPU'>>> = {
  wasm: 'CPU',
  webgl: 'GPU',
};

/** What is loaded. */
type Loaded = {
  readonly landmarker: PoseLandmarker;
  readonly canvas: OffscreenCanvas;
  /** Of the context through which frames get in, on either backend; null where there is none. */
  readonly watch: LossWatch | null;
  readonly skeleton: SkeletonId;
  readonly tracking: boolean;
};

/** An engine that has loaded nothing yet. */
export function createMediapipeEngine(): BareEngine {
  let loaded: Loaded | null = null;

  function dispose(): void {
    const [landmarker, canvas] = [loaded?.landmarker, loaded?.canvas];
    loaded = null;
    disposeAll([
      () => landmarker?.close(),
      // A browser keeps few contexts alive; one that nobody uses must not cost another its own.
      () => canvas?.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext(),
    ]);
  }

  return callsInTurn({
    async load(request) {
      dispose();
      const startMs = performance.now();
      loaded = await load(request);
      return {
        engineVersion: TASKS_VISION_VERSION,
        modelSha256: digestOfFiles(request.files),
        backendUsed: request.backend,
        // The library starts no threads and has no setting for them.
        threadsUsed: request.backend === 'wasm' ? 1 : null,
        loadMs: performance.now() - startMs,
      };
    },

    async estimate(frame, timestampMs) {
      try {
        if (!loaded) throw new EngineError('No model is loaded. Load one before estimating.');
        const { landmarker, watch, skeleton, tracking } = loaded;
        const { displayWidth, displayHeight } = frame;
        const detect = async () => {
          const startMs = performance.now();
          const result = tracking
            ? landmarker.detectForVideo(frame, timestampMs)
            : landmarker.detect(frame);
          return { result, engineMs: performance.now() - startMs };
        };
        const { result, engineMs } = await (watch ? watch.orLost(detect) : detect());
        const poses = toPoses(result, skeleton, displayWidth, displayHeight);
        return { poses, engineMs, preprocessMs: null, inferenceMs: null, postprocessMs: null };
      } finally {
        frame.close();
      }
    },

    async reset() {
      // Setting the mode again rebuilds the graph, which is the only way to make it forget a person.
      await loaded?.landmarker.setOptions({ runningMode: modeOf(loaded.tracking) });
    },

    async dispose() {
      dispose();
    },
  });
}

async function load(request: EngineLoadRequest): Promise<Loaded> {
  const { modelId, files, backend, skeleton, options } = request;
  const delegate = delegates[backend];
  if (!delegate) {
    throw new EngineError(`MediaPipe has no ${backend} backend. Choose wasm or webgl.`);
  }
  const [file] = files;
  if (!file) throw new EngineError(`The model ${modelId} names no file. Choose another target.`);
  const canvas = new OffscreenCanvas(1, 1);
  if (delegate === 'GPU' && !canvas.getContext('webgl2')) {
    throw new EngineError(
      'MediaPipe could not start on webgl because this browser gives no WebGL 2 context. Choose the wasm backend.',
    );
  }
  const modelAssetBuffer = await readWeights(modelId, file);
  try {
    await offerModuleFactory();
    const landmarker = await PoseLandmarker.createFromOptions(
      { wasmLoaderPath: NOTHING_TO_LOAD, wasmBinaryPath },
      {
        baseOptions: { modelAssetBuffer, delegate },
        runningMode: modeOf(options.tracking),
        numPoses: options.maxPoses,
        canvas,
      },
    );
    const context = canvas.getContext('webgl2');
    const watch = context && watchContext('MediaPipe', canvas, context);
    return { landmarker, canvas, watch, skeleton, tracking: options.tracking };
  } catch (cause) {
    throw new EngineError(
      `MediaPipe could not start ${modelId}: ${reasonOf(cause)}. Reload the page, or choose another target.`,
    );
  }
}

/**
 * Puts MediaPipe's module factory where MediaPipe looks for it. Its own loader imports the script that does
 * so, and takes the factory away again: imported a second time, the script would not run.
 */
async function offerModuleFactory(): Promise<void> {
  const script = (await import(/* @vite-ignore */ wasmLoaderPath)) as { readonly default: unknown };
  (globalThis as { ModuleFactory?: unknown }).ModuleFactory = script.default;
}

/** In pictures MediaPipe searches for people anew each time; in a video it follows and smooths them. */
function modeOf(tracking: boolean): 'VIDEO' | 'IMAGE' {
  return tracking ? 'VIDEO' : 'IMAGE';
}

/** Landmarks come in fractions of the frame; a Pose is in its pixels. */
function toPoses(
  result: PoseLandmarkerResult,
  skeleton: SkeletonId,
  widthPx: number,
  heightPx: number,
): Pose[] {
  return result.landmarks.map((landmarks) => {
    const keypoints = landmarks.map(({ x, y, visibility }) => ({
      x: x * widthPx,
      y: y * heightPx,
      score: Math.min(1, Math.max(0, visibility)),
    }));
    return { skeleton, keypoints, score: meanKeypointScore({ keypoints }) };
  });
}
