// What becomes of the options on an engine that decides for itself: results say what ran, not what was asked.
import type { EngineId } from '../models/model-spec.ts';
import type { EngineOptions } from './pose-engine.ts';

/**
 * The options as they hold on an engine. MediaPipe Tasks chooses its threads, and smooths whenever it
 * follows people (PoseLandmarker's VIDEO mode); the other engines do as they are told, or refuse.
 */
export function effectiveOptions(engine: EngineId, options: EngineOptions): EngineOptions {
  if (engine !== 'mediapipe') return options;
  return { ...options, threads: null, smoothing: options.tracking };
}
