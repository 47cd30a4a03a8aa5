// The MediaPipe engine in a worker that outlives its models and tells how many landmarkers are open.
import { PoseLandmarker } from '@mediapipe/tasks-vision';
import * as Comlink from 'comlink';
import { createMediapipeEngine } from '../../src/lib/engines/mediapipe/mediapipe-engine.ts';
import type { BareEngine } from '../../src/lib/engines/pose-engine.ts';
import { restrictFetchToOwnOrigin } from '../../src/lib/engines/same-origin-fetch.ts';

/** The engine, and what it holds at the moment. */
export type MediapipeDevice = BareEngine & { openLandmarkers(): number };

restrictFetchToOwnOrigin(self);

let open = 0;
const create = PoseLandmarker.createFromOptions.bind(PoseLandmarker);
PoseLandmarker.createFromOptions = async (wasm, options) => {
  const landmarker = await create(wasm, options);
  open += 1;
  const close = landmarker.close.bind(landmarker);
  landmarker.close = () => {
    open -= 1;
    close();
  };
  return landmarker;
};

Comlink.expose({
  ...createMediapipeEngine(),
  openLandmarkers: () => open,
} satisfies MediapipeDevice);
