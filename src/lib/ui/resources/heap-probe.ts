// What the WebAssembly of a run's engines holds.
import { withinMs } from '../../benchmark/within-ms.ts';
import type { ResourceProbe } from './resource-probe.ts';

/** How long a worker may take to answer, in ms; one that hangs never does. */
const ANSWER_LIMIT_MS = 1000;

const NO_ANSWER = 'The engine had ended, or hung, before it could be asked.';
const NO_WASM = 'The engine uses no WebAssembly on this backend.';

/** Asks the engines after the last frame. */
export const heapProbe: ResourceProbe = {
  async read({ engines }) {
    const asked = Promise.all(engines.map((engine) => engine.wasmHeaps()));
    const heaps = await withinMs(ANSWER_LIMIT_MS, asked).catch(() => null);
    if (!heaps?.length) return unknown(NO_ANSWER);
    const known = heaps.filter((heap) => heap !== null);
    if (known.length === 0) return unknown(NO_WASM);
    return {
      wasmHeapBytes: sum(
        known.map(({ sharedBytes, unsharedBytes }) => sharedBytes + unsharedBytes),
      ),
    };
  },
};

function unknown(reason: string) {
  return { wasmHeapBytes: null, nullReasons: { 'resources.wasmHeapBytes': reason } };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
