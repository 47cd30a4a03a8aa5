// Finds the memory of every WebAssembly module of a worker, whoever makes it: runtimes keep theirs to
// themselves. Changes nothing of what they see.

/** The part of a global scope through which modules get memory. */
type WasmScope = { readonly WebAssembly: typeof WebAssembly };

type WasmResult = Promise<WebAssembly.Instance | WebAssembly.WebAssemblyInstantiatedSource>;

/** What WebAssembly modules hold, in bytes: memory that threads can share, and memory that they cannot. */
export type WasmHeaps = { readonly sharedBytes: number; readonly unsharedBytes: number };

/**
 * Notes every memory made from now on, weakly: one that its runtime lets go of is collected as ever.
 * Gives a function that tells what those hold that are left, or null where there is none. Memory that
 * threads share is one memory, and made here; what a thread makes for itself is not seen.
 */
export function watchWasmHeaps(scope: WasmScope): () => WasmHeaps | null {
  const wasm = scope.WebAssembly;
  const { Memory } = wasm;
  const known = new WeakSet<WebAssembly.Memory>();
  const heaps = new Set<WeakRef<WebAssembly.Memory>>();

  function note(memory: WebAssembly.Memory): void {
    if (known.has(memory)) return;
    known.add(memory);
    heaps.add(new WeakRef(memory));
  }
  function noteExports({ exports }: WebAssembly.Instance): void {
    for (const exported of Object.values(exports)) {
      if (exported instanceof Memory) note(exported);
    }
  }
  /** `instantiate` gives the instance alone when it was given a compiled module. */
  async function noteResult(result: WasmResult): Promise<void> {
    const made = await result;
    noteExports('instance' in made ? made.instance : made);
  }

  // Proxies, because subclasses would not be what `instanceof` and `name` say elsewhere.
  wasm.Memory = new Proxy(Memory, {
    construct(target, args, newTarget) {
      const memory = Reflect.construct(target, args, newTarget) as WebAssembly.Memory;
      note(memory);
      return memory;
    },
  });
  wasm.Instance = new Proxy(wasm.Instance, {
    construct(target, args, newTarget) {
      const instance = Reflect.construct(target, args, newTarget) as WebAssembly.Instance;
      noteExports(instance);
      return instance;
    },
  });
  for (const name of ['instantiate', 'instantiateStreaming'] as const) {
    wasm[name] = new Proxy(wasm[name], {
      apply(target, self, args: unknown[]) {
        const result = Reflect.apply(target, self, args) as WasmResult;
        // A module that does not start is its caller's matter.
        noteResult(result).catch(() => undefined);
        return result;
      },
    }) as never;
  }

  return () => {
    let sharedBytes = 0;
    let unsharedBytes = 0;
    for (const heap of heaps) {
      // TypeScript knows of memory that is not shared only.
      const buffer = heap.deref()?.buffer as ArrayBufferLike | undefined;
      if (!buffer) heaps.delete(heap);
      else if (buffer instanceof ArrayBuffer) unsharedBytes += buffer.byteLength;
      else sharedBytes += buffer.byteLength;
    }
    return heaps.size > 0 ? { sharedBytes, unsharedBytes } : null;
  };
}
