// TensorFlow.js on WebGL 2, on a canvas of our own in the worker.
import { setWebGLContext } from '@tensorflow/tfjs-backend-webgl';
import { watchContext } from '../loss-watch.ts';
import { EngineError } from '../pose-engine.ts';
import { activate, retire, TITLE } from './running-backend.ts';
import type { RunningBackend } from './running-backend.ts';

/** Starts it. Throws an EngineError when the browser gives no WebGL 2 context. */
export async function startWebgl(): Promise<RunningBackend> {
  // Its own context would be refused on a software adapter. Whether such a run counts is for the
  // verdict to say; that both adapters compute the same is worth knowing.
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext('webgl2');
  if (!context) {
    throw new EngineError(
      'TensorFlow.js could not start on webgl because this browser gives no WebGL 2 context. Choose the wasm backend.',
    );
  }
  setWebGLContext(2, context);
  await activate('webgl');
  return {
    backendUsed: 'webgl',
    threadsUsed: null,
    watch: watchContext(TITLE, canvas, context),
    stop() {
      retire('webgl');
      // A browser keeps few contexts alive; one that nobody uses must not cost another its own.
      context.getExtension('WEBGL_lose_context')?.loseContext();
    },
  };
}
