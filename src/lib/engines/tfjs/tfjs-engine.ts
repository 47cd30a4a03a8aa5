// TensorFlow.js with pose-detection as a PoseEngine: a whole pipeline of its own, measured as its users
// run it. It hides its stages, so only the time of the whole call is known.
import type { Pose as LibraryPose } from '@tensorflow-models/pose-detection';
import * as tf from '@tensorflow/tfjs-core';
import { meanKeypointScore } from '../../pose/pose.ts';
import type { Pose } from '../../pose/pose.ts';
import type { SkeletonId } from '../../pose/skeletons.ts';
import { digestOfFiles } from '../../weights/digest-of-files.ts';
import { WeightsError } from '../../weights/weights-error.ts';
import { callsInTurn } from '../calls-in-turn.ts';
import { disposeAfterFailure, disposeAll } from '../dispose-all.ts';
import type { LossWatch } from '../loss-watch.ts';
import { EngineError } from '../pose-engine.ts';
import type { BareEngine, EngineLoadRequest } from '../pose-engine.ts';
import { reasonOf } from '../reason-of.ts';
import { createDetector } from './create-detector.ts';
import type { Detector } from './create-detector.ts';
import { createFrameCanvas } from './frame-canvas.ts';
import type { FrameCanvas } from './frame-canvas.ts';
import type { RunningBackend } from './running-backend.ts';
import { startBackend } from './start-backend.ts';

/** The version package.json pins; the package does not tell it at run time. */
const POSE_DETECTION_VERSION = '2.1.3';

/** What is loaded. */
type Loaded = {
  readonly detector: Detector;
  readonly canvas: FrameCanvas;
  readonly watch: LossWatch | null;
  readonly skeleton: SkeletonId;
  readonly tracking: boolean;
};

/** An engine that has loaded nothing yet. TensorFlow.js is one per worker, so this is, too. */
export function createTfjsEngine(): BareEngine {
  let backend: RunningBackend | null = null;
  let loaded: Loaded | null = null;

  function dispose(): void {
    const [detector, running] = [loaded?.detector, backend];
    loaded = null;
    backend = null;
    disposeAll([() => detector?.dispose(), () => running?.stop()]);
  }

  return callsInTurn({
    async load(request) {
      dispose();
      const startMs = performance.now();
      try {
        backend = await startBackend(request.backend, request.options.threads);
        const { skeleton, options } = request;
        const detector = await loadDetector(request);
        const canvas = createFrameCanvas(request.backend);
        const { watch } = backend;
        loaded = { detector, canvas, watch, skeleton, tracking: options.tracking };
        return {
          engineVersion: `${POSE_DETECTION_VERSION}, TensorFlow.js ${tf.version_core}`,
          modelSha256: digestOfFiles(request.files),
          backendUsed: backend.backendUsed,
          threadsUsed: backend.threadsUsed,
          loadMs: performance.now() - startMs,
        };
      } catch (cause) {
        disposeAfterFailure(dispose);
        throw cause;
      }
    },

    async estimate(frame, timestampMs) {
      try {
        if (!loaded) throw new EngineError('No model is loaded. Load one before estimating.');
        const { detector, canvas, watch, skeleton, tracking } = loaded;
        if (!tracking) detector.reset();
        const detect = async () => {
          const startMs = performance.now();
          const found = await detector.estimate(canvas.draw(frame), timestampMs);
          return { found, engineMs: performance.now() - startMs };
        };
        const { found, engineMs } = await (watch ? watch.orLost(detect) : detect());
        const poses = found.map((pose) => toPose(pose, skeleton));
        return { poses, engineMs, preprocessMs: null, inferenceMs: null, postprocessMs: null };
      } finally {
        frame.close();
      }
    },

    async reset() {
      loaded?.detector.reset();
    },

    async dispose() {
      dispose();
    },
  });
}

async function loadDetector(request: EngineLoadRequest): Promise<Detector> {
  try {
    return await createDetector(request);
  } catch (cause) {
    if (cause instanceof EngineError || cause instanceof WeightsError) throw cause;
    throw new EngineError(
      `TensorFlow.js could not load ${request.modelId}: ${reasonOf(cause)}. Choose another engine or backend for this model.`,
    );
  }
}

/** The library's keypoints are in pixels of the image already. */
function toPose(found: LibraryPose, skeleton: SkeletonId): Pose {
  const keypoints = found.keypoints.map(({ x, y, score = 0 }) => ({ x, y, score: toUnit(score) }));
  return { skeleton, keypoints, score: toUnit(found.score ?? meanKeypointScore({ keypoints })) };
}

function toUnit(score: number): number {
  return Math.min(1, Math.max(0, score));
}
