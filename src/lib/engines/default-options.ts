// How a model runs when nobody asked for anything else.
import type { EngineOptions } from './pose-engine.ts';

/** One person, followed from frame to frame, unsmoothed, on as many threads as suit the device. */
export const defaultEngineOptions: EngineOptions = {
  threads: null,
  maxPoses: 1,
  tracking: true,
  smoothing: false,
};
