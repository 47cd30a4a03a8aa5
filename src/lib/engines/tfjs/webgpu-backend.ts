// TensorFlow.js on WebGPU.
import * as tf from '@tensorflow/tfjs-core';
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { watchDevice } from '../loss-watch.ts';
import { EngineError } from '../pose-engine.ts';
import { activate, retire, TITLE } from './running-backend.ts';
import type { RunningBackend } from './running-backend.ts';

/** Starts it. Throws an EngineError when the browser has no WebGPU or the device no adapter for it. */
export async function startWebgpu(): Promise<RunningBackend> {
  // Asked before, because TensorFlow.js itself would log a TypeError and tell the caller nothing.
  const adapter = await (navigator as { readonly gpu?: GPU }).gpu?.requestAdapter();
  if (!adapter) {
    throw new EngineError(
      'TensorFlow.js could not start on webgpu because this browser gives no WebGPU adapter. Choose the wasm or webgl backend.',
    );
  }
  await activate('webgpu');
  const backend = tf.backend();
  const device = backend instanceof WebGPUBackend ? backend.device : null;
  return {
    backendUsed: 'webgpu',
    threadsUsed: null,
    watch: device && watchDevice(TITLE, device),
    stop() {
      retire('webgpu');
      // Retiring returns the buffers to the device, but keeps the device.
      device?.destroy();
    },
  };
}
