// TensorFlow.js on WebAssembly: with SIMD, and with threads where the page is isolated.
import * as tf from '@tensorflow/tfjs-core';
import { getThreadsCount, setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import plainPath from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.wasm?url';
import simdPath from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm?url';
import threadedPath from '@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.wasm?url';
import { defaultThreads } from '../default-threads.ts';
import { activate, retire } from './running-backend.ts';
import type { RunningBackend } from './running-backend.ts';

/** The threaded build starts this many workers and uses no more (PTHREAD_POOL_SIZE; backend.cc). */
const MAX_THREADS = 8;

/** It takes every two logical cores for one that computes (backend.cc). */
const LOGICAL_CORES_PER_THREAD = 2;

setWasmPaths({
  'tfjs-backend-wasm.wasm': plainPath,
  'tfjs-backend-wasm-simd.wasm': simdPath,
  'tfjs-backend-wasm-threaded-simd.wasm': threadedPath,
});

/**
 * Starts it with as many threads as asked for, where TensorFlow.js allows them: half the logical cores,
 * eight at most; one where the page is not isolated.
 */
export async function startWasm(threads: number | null): Promise<RunningBackend> {
  const wanted = Math.min(threads ?? defaultThreads(), mostThreads());
  // For one thread there is a build without the threads' atomics and their idle workers.
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', wanted > 1);
  setThreadsCount(wanted);
  await activate('wasm');
  return {
    backendUsed: 'wasm',
    threadsUsed: getThreadsCount(),
    watch: null,
    stop: () => retire('wasm'),
  };
}

function mostThreads(): number {
  if (!globalThis.crossOriginIsolated) return 1;
  const cores = Math.floor(navigator.hardwareConcurrency / LOGICAL_CORES_PER_THREAD);
  return Math.max(1, Math.min(MAX_THREADS, cores));
}
