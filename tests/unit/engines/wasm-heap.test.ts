import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { watchWasmHeaps } from '../../../src/lib/engines/wasm-heap.ts';

const PAGE_BYTES = 65_536;

/** `(module (memory (export "memory") 3))` in WebAssembly's binary format. */
const exportsThreePages = new Uint8Array([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x05, 0x03, 0x01, 0x00, 0x03],
  ...[0x07, 0x0a, 0x01, 0x06, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 0x02, 0x00],
]);

/** `(module (memory (import "a" "m") 1) (export "memory" (memory 0)))`. */
const exportsWhatItImports = new Uint8Array([
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x02, 0x08, 0x01, 0x01, 0x61, 0x01, 0x6d, 0x02, 0x00, 0x01],
  ...[0x07, 0x0a, 0x01, 0x06, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 0x02, 0x00],
]);

/** A scope of its own, so that one test's memory is not the next one's. */
function watchedScope() {
  const scope = { WebAssembly: Object.create(WebAssembly) as typeof WebAssembly };
  return { wasm: scope.WebAssembly, heaps: watchWasmHeaps(scope) };
}

describe('the heaps of WebAssembly', () => {
  it('are unknown where there is none', () => {
    expect(watchedScope().heaps()).toBeNull();
  });

  it('count memory made for a module, and what it grows by', () => {
    const { wasm, heaps } = watchedScope();
    const memory = new wasm.Memory({ initial: 2, maximum: 8, shared: true });
    expect(heaps()).toEqual({ sharedBytes: 2 * PAGE_BYTES, unsharedBytes: 0 });
    memory.grow(3);
    expect(heaps()).toEqual({ sharedBytes: 5 * PAGE_BYTES, unsharedBytes: 0 });
  });

  it('count memory that a module makes, whichever way it is started', async () => {
    const { wasm, heaps } = watchedScope();
    const module = await wasm.compile(exportsThreePages);
    const fromBytes = await wasm.instantiate(exportsThreePages);
    const fromModule = await wasm.instantiate(module);
    const atOnce = new wasm.Instance(module);
    const response = new Response(exportsThreePages, {
      headers: { 'content-type': 'application/wasm' },
    });
    const streamed = await wasm.instantiateStreaming(response);
    expect(heaps()).toEqual({ sharedBytes: 0, unsharedBytes: 4 * 3 * PAGE_BYTES });
    // Kept alive until here.
    expect([fromBytes, fromModule, atOnce, streamed]).toHaveLength(4);
  });

  it('count memory once that is given to a module and exported by it', async () => {
    const { wasm, heaps } = watchedScope();
    const memory = new wasm.Memory({ initial: 2 });
    const { instance } = await wasm.instantiate(exportsWhatItImports, { a: { m: memory } });
    expect(instance.exports['memory']).toBe(memory);
    expect(heaps()).toEqual({ sharedBytes: 0, unsharedBytes: 2 * PAGE_BYTES });
  });

  it('leave to runtimes what they see', async () => {
    const { wasm, heaps } = watchedScope();
    const { instance } = await wasm.instantiate(exportsThreePages);
    expect(instance.exports['memory']).toBeInstanceOf(wasm.Memory);
    expect(new wasm.Memory({ initial: 1 })).toBeInstanceOf(WebAssembly.Memory);
    expect(instance).toBeInstanceOf(wasm.Instance);
    await expect(wasm.instantiate(new Uint8Array(8))).rejects.toThrow(wasm.CompileError);
    expect(() => new wasm.Memory({ initial: -1 })).toThrow(TypeError);
    expect(heaps()).toEqual({ sharedBytes: 0, unsharedBytes: 4 * PAGE_BYTES });
  });

  it('hold no memory that its runtime let go of', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const { wasm, heaps } = watchedScope();
    new wasm.Memory({ initial: 1 });
    await new Promise((resolve) => setTimeout(resolve));
    collectGarbage();
    expect(heaps()).toBeNull();
  });
});
