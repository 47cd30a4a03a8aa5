// The ONNX Runtime Web engine in a worker that tells what it took of the device.
import * as Comlink from 'comlink';
import { createPipelineEngine } from '../../src/lib/engines/pipeline-engine.ts';
import type { BareEngine } from '../../src/lib/engines/pose-engine.ts';
import { startOrtRuntime } from '../../src/lib/engines/ort/ort-runtime.ts';

/** The engine, and what it holds at the moment. */
export type OrtDevice = BareEngine & {
  held(): { readonly memories: number; readonly memoryBytes: number; readonly workers: number };
};

const memories: WebAssembly.Memory[] = [];
WebAssembly.Memory = class extends WebAssembly.Memory {
  constructor(descriptor: WebAssembly.MemoryDescriptor) {
    super(descriptor);
    memories.push(this);
  }
};

let workers = 0;
self.Worker = class extends self.Worker {
  constructor(url: string | URL, options?: WorkerOptions) {
    super(url, options);
    workers += 1;
  }
};

Comlink.expose({
  ...createPipelineEngine('ONNX Runtime Web', startOrtRuntime),
  held() {
    const memoryBytes = memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
    return { memories: memories.length, memoryBytes, workers };
  },
} satisfies OrtDevice);
