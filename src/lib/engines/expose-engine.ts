// The worker's side of an engine: offers it to the page, and says how the two clocks relate and what the
// worker holds.
import * as Comlink from 'comlink';
import { hastenCollection } from './hasten-collection.ts';
import { holdLifeLock } from './life-lock.ts';
import type { BareEngine, PoseEngine } from './pose-engine.ts';
import type { WasmHeaps } from './wasm-heap.ts';

/** What a page finds in a worker. */
export type ExposedEngine = PoseEngine & {
  /** When this worker's `performance.now()` was 0, in ms since the epoch. */
  readonly timeOriginMs: number;
  /** Takes the lock by which the page sees that this worker lives (life-lock.ts). */
  holdLifeLock(): Promise<string | null>;
};

/**
 * Answers the page's calls with this engine, from now on. `heaps` tells what the worker's WebAssembly
 * holds (wasm-heap.ts).
 */
export function exposeEngine(engine: BareEngine, heaps: () => WasmHeaps | null): void {
  const exposed: ExposedEngine = {
    ...engine,
    timeOriginMs: performance.timeOrigin,
    holdLifeLock,
    wasmHeaps: async () => heaps(),
    hastenCollection: async () => hastenCollection(),
  };
  Comlink.expose(exposed);
}
