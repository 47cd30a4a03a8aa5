// LiteRT.js without a pipeline: a test sees what goes into a network and what comes out, and how large
// the runtime's memory is.
import * as Comlink from 'comlink';
import { getGlobalLiteRt } from '@litertjs/core';
import { startLitertRuntime } from '../../src/lib/engines/litert/litert-runtime.ts';
import type { TensorRuntimeOptions } from '../../src/lib/engines/pipeline-engine.ts';
import type { BackendId } from '../../src/lib/models/model-spec.ts';
import type { Tensor, TensorInfo, TensorRunner } from '../../src/lib/pipelines/tensor-runner.ts';

/** What a network is opened with. */
export type OpenedNetwork = {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly backendUsed: BackendId;
  readonly threadsUsed: number | null;
};

/** LiteRT.js with one network. */
export type LitertNetworks = {
  open(options: TensorRuntimeOptions, weights: Uint8Array<ArrayBuffer>): Promise<OpenedNetwork>;
  run(
    inputs: Readonly<Record<string, Tensor>>,
    wanted?: readonly string[],
  ): Promise<Readonly<Record<string, Tensor>>>;
  /** Runs it, disposes of it, and looks at what it gave only then. */
  runLast(inputs: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>>;
  dispose(): Promise<void>;
  /** How large LiteRT.js's memory is, used or free; it never shrinks. */
  heapBytes(): Promise<number>;
};

let network: TensorRunner | null = null;

Comlink.expose({
  async open(options, weights) {
    const runtime = await startLitertRuntime(options);
    network = await runtime.open(weights);
    const { inputs, outputs } = network;
    const { backendUsed, threadsUsed } = runtime;
    return { inputs, outputs, backendUsed, threadsUsed };
  },
  async run(inputs, wanted) {
    if (!network) throw new Error('No network is open.');
    return network.run(inputs, wanted);
  },
  async runLast(inputs) {
    if (!network) throw new Error('No network is open.');
    const outputs = await network.run(inputs);
    network.dispose();
    network = null;
    return Object.fromEntries(
      Object.entries(outputs).map(([name, { shape, data }]) => [name, { shape, data }]),
    );
  },
  async dispose() {
    network?.dispose();
    network = null;
  },
  async heapBytes() {
    return getGlobalLiteRt().liteRtWasm.HEAPU8.byteLength;
  },
} satisfies LitertNetworks);
