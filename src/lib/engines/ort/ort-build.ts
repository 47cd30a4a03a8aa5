// The builds of ONNX Runtime Web: one on the CPU, two that can use accelerators. Only the one that is
// asked for is fetched.
import type * as Ort from 'onnxruntime-web';
import cpuLoaderPath from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import cpuBinaryPath from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import asyncifyLoaderPath from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import asyncifyBinaryPath from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import jspiLoaderPath from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.mjs?url';
import jspiBinaryPath from 'onnxruntime-web/ort-wasm-simd-threaded.jspi.wasm?url';

/** The library's interface, the same for every build. */
export type OrtModule = typeof Ort;

/** What the runtime itself logs. Failures are thrown, and warnings would fill the console. */
const LOG_LEVEL = 'fatal';

/** The same for what a session and a run log, as their `logSeverityLevel`. */
export const LOG_SEVERITY_FATAL = 4;

/** The build without accelerators, 14 MB. */
export async function loadCpuBuild(): Promise<OrtModule> {
  const ort = await import('onnxruntime-web/wasm');
  return configure(ort, cpuLoaderPath, cpuBinaryPath);
}

/**
 * The build with WebGPU and WebNN. Its C++ waits for the GPU, which WebAssembly does by switching stacks
 * (JSPI) where the browser can: that build has 17 MB. Elsewhere every function was rewritten so that it
 * can be left and entered again (Asyncify), for 27 MB and slower code. The kernels are the same.
 */
export async function loadAcceleratorBuild(): Promise<OrtModule> {
  if ('Suspending' in WebAssembly) {
    const ort = await import('onnxruntime-web/jspi');
    return configure(ort, jspiLoaderPath, jspiBinaryPath);
  }
  const ort = await import('onnxruntime-web/webgpu');
  return configure(ort, asyncifyLoaderPath, asyncifyBinaryPath);
}

/** Its threads start from the loader's own URL, which therefore must be one of this origin. */
function configure(ort: OrtModule, loaderPath: string, binaryPath: string): OrtModule {
  ort.env.wasm.wasmPaths = { mjs: loaderPath, wasm: binaryPath };
  ort.env.logLevel = LOG_LEVEL;
  return ort;
}
