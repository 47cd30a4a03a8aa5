// MediaPipe Tasks' Pose Landmarker as a PoseEngine: a whole pipeline of its own, measured as its users
// run it. It hides its stages, so only the time of the whole call is known.
import { PoseLandmarker } from '@mediapipe/tasks-vision';
import type { PoseLandmarkerResult } from '@mediapipe/tasks-vision';
import wasmLoaderPath from '@mediapipe/tasks-vision/vision_wasm_module_internal.js?url';
import wasmBinaryPath from '@mediapipe/tasks-vision/vision_wasm_module_internal.wasm?url';
import { meanKeypointScore } from '../../pose/pose.ts';
import type { Pose } from '../../pose/pose.ts';
import type { SkeletonId } from '../../pose/skeletons.ts';
import { fetchModelBytes } from '../model-bytes.ts';
import { EngineError } from '../pose-engine.ts';
import type { PoseEngine } from '../pose-engine.ts';

/** The version package.json pins; the package does not tell it at run time. */
const TASKS_VISION_VERSION = '1.1.0';

/** An engine that has loaded nothing yet. */
export function createMediapipeEngine(): PoseEngine {
  let landmarker: PoseLandmarker | null = null;
  let skeleton: SkeletonId = 'blazepose-33';

  return {
    async load({ modelId, file, backend, skeleton: layout }) {
      const startMs = performance.now();
      const modelAssetBuffer = await fetchModelBytes(modelId, file);
      skeleton = layout;
      try {
        landmarker = await PoseLandmarker.createFromOptions(
          { wasmLoaderPath, wasmBinaryPath },
          {
            baseOptions: { modelAssetBuffer, delegate: 'CPU' },
            runningMode: 'VIDEO',
            numPoses: 1,
            canvas: new OffscreenCanvas(1, 1),
          },
        );
      } catch (cause) {
        throw new EngineError(
          `MediaPipe could not start ${modelId}: ${firstLine(cause)}. Reload the page, or choose another target.`,
        );
      }
      return {
        engineVersion: TASKS_VISION_VERSION,
        modelSha256: file.sha256,
        backendUsed: backend,
        loadMs: performance.now() - startMs,
      };
    },

    async estimate(frame, timestampMs) {
      try {
        if (!landmarker) throw new EngineError('No model is loaded. Load one before estimating.');
        const { displayWidth, displayHeight } = frame;
        const startMs = performance.now();
        const result = landmarker.detectForVideo(frame, timestampMs);
        const engineMs = performance.now() - startMs;
        const poses = toPoses(result, skeleton, displayWidth, displayHeight);
        return { poses, engineMs, preprocessMs: null, inferenceMs: null, postprocessMs: null };
      } finally {
        frame.close();
      }
    },

    async reset() {
      // Setting the mode again rebuilds the graph, which is the only way to make it forget a person.
      await landmarker?.setOptions({ runningMode: 'VIDEO' });
    },

    async dispose() {
      landmarker?.close();
      landmarker = null;
    },
  };
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

function firstLine(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return (message.split('\n')[0] ?? '').replace(/\.$/, '');
}
