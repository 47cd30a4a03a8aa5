// What is common to TensorFlow.js's backends: making one the current one, and ending it.
import * as tf from '@tensorflow/tfjs-core';
import type { BackendId } from '../../models/model-spec.ts';
import type { LossWatch } from '../loss-watch.ts';
import { EngineError } from '../pose-engine.ts';

/** A backend on which TensorFlow.js computes from now on. There is one at a time in a worker. */
export type RunningBackend = {
  /** What TensorFlow.js says it runs on. */
  readonly backendUsed: BackendId;
  /** Threads that compute; null on a GPU. */
  readonly threadsUsed: number | null;
  /** Of the GPU it computes on; null where it computes on none. */
  readonly watch: LossWatch | null;
  /** Frees all that it holds. It can be started again. */
  stop(): void;
};

/** The library's name in messages. */
export const TITLE = 'TensorFlow.js';

/** Makes a registered backend the current one. Throws an EngineError when another one is, or none. */
export async function activate(backend: BackendId): Promise<void> {
  const hasStarted = await tf.setBackend(backend);
  await tf.ready();
  if (hasStarted && tf.getBackend() === backend) return;
  throw new EngineError(
    `TensorFlow.js could not start its ${backend} backend; the browser's console says why. Reload the page, or choose another backend.`,
  );
}

/** Ends a backend and all its tensors, and leaves it ready to be started anew. */
export function retire(backend: BackendId): void {
  const start = tf.findBackendFactory(backend);
  tf.removeBackend(backend);
  // Removing a backend also forgets how it is made, and its package tells only once, when imported.
  tf.registerBackend(backend, start);
}
