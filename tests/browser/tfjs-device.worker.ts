// The TensorFlow.js engine on a device of eight logical cores, whatever this one has: TensorFlow.js uses
// half of them, so a small machine would never start a thread. Tells what tensors are left, too.
import * as Comlink from 'comlink';
import * as tf from '@tensorflow/tfjs-core';
import type { BareEngine } from '../../src/lib/engines/pose-engine.ts';
import { startThreadsFromOwnOrigin } from '../../src/lib/engines/tfjs/own-origin-threads.ts';
import { createTfjsEngine } from '../../src/lib/engines/tfjs/tfjs-engine.ts';

/** The engine, and what TensorFlow.js holds at the moment. */
export type TfjsDevice = BareEngine & {
  held(): { readonly tensors: number; readonly bytes: number };
};

Object.defineProperty(navigator, 'hardwareConcurrency', { value: 8 });
startThreadsFromOwnOrigin(self);

Comlink.expose({
  ...createTfjsEngine(),
  held() {
    const { numTensors, numBytes } = tf.engine().state;
    return { tensors: numTensors, bytes: numBytes };
  },
} satisfies TfjsDevice);
