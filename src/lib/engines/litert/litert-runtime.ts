// LiteRT.js started on one of its backends. How it runs a network is in litert-runner.ts.
import { Environment, loadAndCompile, unloadLiteRt } from '@litertjs/core';
import type { CompileOptions, LiteRt } from '@litertjs/core';
import type { BackendId } from '../../models/model-spec.ts';
import { probeBackend } from '../backend-support.ts';
import { defaultThreads } from '../default-threads.ts';
import type { TensorRuntime, TensorRuntimeOptions } from '../pipeline-engine.ts';
import { EngineError } from '../pose-engine.ts';
import { reasonOf } from '../reason-of.ts';
import { buildForAccelerator, buildForThreads, loadBuild } from './litert-build.ts';
import type { LitertBuild } from './litert-build.ts';
import { withReason } from './litert-log.ts';
import { createLitertRunner } from './litert-runner.ts';

/** The version package.json pins; the package does not tell it at run time. */
const LITERT_VERSION = '2.5.3';

/**
 * The build that is loaded. It stays for the next start: its memory is used again, whereas a threaded
 * build that is given up leaves its threads behind, which LiteRT.js has no way to end.
 */
let loaded: { readonly build: LitertBuild; readonly liteRt: LiteRt } | null = null;

/**
 * Starts LiteRT.js; a worker has one at a time, so the networks of the last start must be gone. Threads
 * are for wasm: null leaves them to `defaultThreads`, and a device that cannot have them gets one.
 * Throws an EngineError where the device lacks the backend.
 */
export async function startLitertRuntime({
  backend,
  threads,
}: TensorRuntimeOptions): Promise<TensorRuntime> {
  switch (backend) {
    case 'wasm':
      return startOnWasm(threads ?? defaultThreads());
    case 'webgpu':
      return startOnWebgpu();
    case 'webnn':
      return startOnWebnn();
    case 'webgl':
      throw new EngineError('LiteRT.js has no webgl backend. Choose wasm, webgpu or webnn.');
  }
}

async function startOnWasm(threads: number): Promise<TensorRuntime> {
  const build = await buildForThreads(threads);
  const liteRt = await ensureBuild(build);
  // LiteRT.js opens a GPU whatever it is started for; a run on wasm must not hold one.
  replaceEnvironment(liteRt, new Environment({ webGpuDevice: null }));
  const numThreads = build === 'threaded' ? threads : 1;
  return createRuntime('wasm', numThreads, { accelerator: 'wasm', cpuOptions: { numThreads } });
}

async function startOnWebgpu(): Promise<TensorRuntime> {
  const liteRt = await ensureBuild(await buildForAccelerator());
  if (!liteRt.getWebGpuDevice()) replaceEnvironment(liteRt, await Environment.create());
  const device = liteRt.getWebGpuDevice();
  if (!device) {
    throw new EngineError(
      'LiteRT.js could not start on webgpu because this browser gives no WebGPU device. Choose the wasm backend.',
    );
  }
  return createRuntime('webgpu', null, { accelerator: 'webgpu' }, device);
}

async function startOnWebnn(): Promise<TensorRuntime> {
  // Browsers have WebNN's interface on devices for which they have no implementation.
  const support = await probeBackend('webnn');
  if (!support.available) throw new EngineError(support.reason);
  const build = await buildForAccelerator();
  if (build !== 'jspi') {
    throw new EngineError(
      "LiteRT.js could not start on webnn because this browser's WebAssembly cannot wait for it (JSPI). Choose the wasm backend.",
    );
  }
  await ensureBuild(build);
  return createRuntime('webnn', null, {
    accelerator: 'webnn',
    webNNOptions: { devicePreference: 'gpu' },
  });
}

/** The build, which stays as it is if it is loaded already. */
async function ensureBuild(build: LitertBuild): Promise<LiteRt> {
  if (loaded?.build === build) return loaded.liteRt;
  if (loaded) {
    closeEnvironment(loaded.liteRt);
    unloadLiteRt();
    loaded = null;
  }
  try {
    const liteRt = await loadBuild(build);
    loaded = { build, liteRt };
    return liteRt;
  } catch (cause) {
    throw new EngineError(
      `LiteRT.js could not start: ${reasonOf(cause)}. Check the connection and reload the page.`,
    );
  }
}

function replaceEnvironment(liteRt: LiteRt, next: Environment): void {
  closeEnvironment(liteRt);
  liteRt.setDefaultEnvironment(next);
}

/** LiteRT.js leaves its environment, and the GPU device in it, to whoever replaces it. */
function closeEnvironment(liteRt: LiteRt): void {
  const environment = liteRt.getDefaultEnvironment();
  environment.webGpuDevice?.destroy();
  environment.delete();
}

function createRuntime(
  backend: BackendId,
  threadsUsed: number | null,
  options: CompileOptions,
  device: GPUDevice | null = null,
): TensorRuntime {
  let hasFallenBack = false;
  return {
    version: LITERT_VERSION,
    get backendUsed() {
      return hasFallenBack ? 'wasm' : backend;
    },
    threadsUsed,
    ...(device && { gpuDevice: () => Promise.resolve(device) }),
    async open(weights) {
      const model = await withReason(() => loadAndCompile(weights, options));
      // What the accelerator lacks runs on wasm: single operators, or the whole network.
      if (!model.isFullyAccelerated || model.options.accelerator !== backend) hasFallenBack = true;
      try {
        return createLitertRunner(model);
      } catch (cause) {
        model.delete();
        throw cause;
      }
    },
  };
}
