// Where each engine can execute a network, as far as the engine is concerned. What a device lacks is found
// out on the device.
import type { BackendId, EngineId } from './model-spec.ts';

/** The backends of each engine, in the order they are listed. */
export const engineBackends: Readonly<Record<EngineId, readonly BackendId[]>> = {
  mediapipe: ['wasm', 'webgl'],
  litert: ['wasm', 'webgpu', 'webnn'],
  ort: ['wasm', 'webgpu', 'webnn'],
  tfjs: ['wasm', 'webgl', 'webgpu'],
};
