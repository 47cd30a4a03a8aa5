// ONNX Runtime Web started on one of its backends. How it runs a network is in ort-runner.ts.
import type { InferenceSession } from 'onnxruntime-web';
import type { TensorRunner } from '../../pipelines/tensor-runner.ts';
import { probeBackend } from '../backend-support.ts';
import { defaultThreads } from '../default-threads.ts';
import type { TensorRuntime, TensorRuntimeOptions } from '../pipeline-engine.ts';
import { EngineError } from '../pose-engine.ts';
import { loadAcceleratorBuild, loadCpuBuild, LOG_SEVERITY_FATAL } from './ort-build.ts';
import type { OrtModule } from './ort-build.ts';
import { isRefusedForCpu, reasonOfFailure } from './ort-failure.ts';
import { createOrtRunner } from './ort-runner.ts';

/** What differs between the sessions of the backends. */
type BackendOptions = Pick<
  InferenceSession.SessionOptions,
  'executionProviders' | 'preferredOutputLocation' | 'extra'
>;

/**
 * Starts ONNX Runtime Web. Threads are for wasm: null leaves them to `defaultThreads`, and a page that is
 * not isolated gets one. Throws an EngineError where the device lacks the backend, and for another number
 * of threads than the runtime has in this worker already.
 */
export async function startOrtRuntime({
  backend,
  threads,
}: TensorRuntimeOptions): Promise<TensorRuntime> {
  switch (backend) {
    case 'wasm':
      return startOnWasm(threads ?? defaultThreads());
    case 'webgpu':
      return startAccelerated('webgpu', {
        executionProviders: ['webgpu'],
        // ONNX Runtime fetches outputs one after the other. Left on the GPU, the runner fetches them at once.
        preferredOutputLocation: 'gpu-buffer',
      });
    case 'webnn':
      return startAccelerated('webnn', {
        executionProviders: [{ name: 'webnn', deviceType: 'gpu' }],
      });
    case 'webgl':
      throw new EngineError('ONNX Runtime Web has no webgl backend. Choose wasm, webgpu or webnn.');
  }
}

/** The threads of the CPU build, which keeps those it started with. */
let startedThreads: number | null = null;

async function startOnWasm(wanted: number): Promise<TensorRuntime> {
  const threads = globalThis.crossOriginIsolated ? wanted : 1;
  if (startedThreads !== null && startedThreads !== threads) {
    throw new EngineError(
      `ONNX Runtime Web could not change to ${threads} threads because it keeps the ${startedThreads} it started with. Reload the page and run again.`,
    );
  }
  const ort = await load(loadCpuBuild);
  startedThreads = threads;
  ort.env.wasm.numThreads = threads;
  return {
    version: versionOf(ort),
    backendUsed: 'wasm',
    // Asked for again because ONNX Runtime sets it to 1 where it finds that it cannot have threads.
    get threadsUsed() {
      return ort.env.wasm.numThreads ?? null;
    },
    open: (weights) => openNetwork(ort, weights, { executionProviders: ['wasm'] }),
  };
}

async function startAccelerated(
  backend: 'webgpu' | 'webnn',
  options: BackendOptions,
): Promise<TensorRuntime> {
  const support = await probeBackend(backend);
  if (!support.available) throw new EngineError(support.reason);
  const ort = await load(loadAcceleratorBuild);
  // What little is left to the CPU is no work for threads.
  ort.env.wasm.numThreads = 1;
  let hasFallenBack = false;
  return {
    version: versionOf(ort),
    get backendUsed() {
      return hasFallenBack ? 'wasm' : backend;
    },
    threadsUsed: null,
    // WebNN's context, which could be lost as well, ONNX Runtime keeps to itself.
    ...(backend === 'webgpu' && { gpuDevice: () => ort.env.webgpu.device }),
    async open(weights) {
      try {
        const extra = { session: { disable_cpu_ep_fallback: '1' } };
        return await openNetwork(ort, weights, { ...options, extra });
      } catch (cause) {
        if (!isRefusedForCpu(cause)) throw cause;
      }
      // The accelerator lacks an operator of this network. ONNX Runtime runs such operators on the CPU.
      hasFallenBack = true;
      return openNetwork(ort, weights, options);
    },
  };
}

async function load(loadBuild: () => Promise<OrtModule>): Promise<OrtModule> {
  try {
    return await loadBuild();
  } catch (cause) {
    throw new EngineError(
      `ONNX Runtime Web could not start: ${reasonOfFailure(cause)}. Check the connection and reload the page.`,
    );
  }
}

/** Throws an Error whose message is a part of a sentence: why the network cannot be opened. */
async function openNetwork(
  ort: OrtModule,
  weights: Uint8Array,
  options: BackendOptions,
): Promise<TensorRunner> {
  const session = await createSession(ort, weights, options);
  try {
    return createOrtRunner(ort, session);
  } catch (cause) {
    await session.release();
    throw cause;
  }
}

async function createSession(ort: OrtModule, weights: Uint8Array, options: BackendOptions) {
  try {
    return await ort.InferenceSession.create(weights, {
      ...options,
      graphOptimizationLevel: 'all',
      logSeverityLevel: LOG_SEVERITY_FATAL,
    });
  } catch (cause) {
    throw new Error(reasonOfFailure(cause), { cause });
  }
}

function versionOf(ort: OrtModule): string {
  return ort.env.versions.web ?? ort.env.versions.common;
}
