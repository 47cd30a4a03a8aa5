// Chooses the backend. Each one is a module of its own, so that wasm users do not load WebGPU's kernels.
import type { BackendId } from '../../models/model-spec.ts';
import { EngineError } from '../pose-engine.ts';
import type { RunningBackend } from './running-backend.ts';

/**
 * Starts a backend; none may be running. `threads` is for wasm, null for as many as suit the device.
 * Throws an EngineError where the device lacks the backend; never falls back to another one.
 */
export async function startBackend(
  backend: BackendId,
  threads: number | null,
): Promise<RunningBackend> {
  switch (backend) {
    case 'wasm':
      return (await import('./wasm-backend.ts')).startWasm(threads);
    case 'webgl':
      return (await import('./webgl-backend.ts')).startWebgl();
    case 'webgpu':
      return (await import('./webgpu-backend.ts')).startWebgpu();
    case 'webnn':
      throw new EngineError('TensorFlow.js has no webnn backend. Choose wasm, webgl or webgpu.');
  }
}
