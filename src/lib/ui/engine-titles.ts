// What engines and backends are called on pages. Ids are for targets, files and machines.
import type { BackendId, EngineId } from '../models/model-spec.ts';

/** The engines' own names. */
export const engineTitles: Readonly<Record<EngineId, string>> = {
  mediapipe: 'MediaPipe Tasks',
  litert: 'LiteRT.js',
  ort: 'ONNX Runtime Web',
  tfjs: 'TensorFlow.js',
};

/** The backends as their makers spell them. */
export const backendTitles: Readonly<Record<BackendId, string>> = {
  wasm: 'WebAssembly',
  webgl: 'WebGL',
  webgpu: 'WebGPU',
  webnn: 'WebNN',
};
