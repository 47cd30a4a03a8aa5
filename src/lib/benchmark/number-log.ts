// Numbers that are written during a run and read at its end. The page's memory holds the last few thousand:
// the others lie in Blobs, which browsers keep outside of the page and on disk if need be. However long a run
// goes on, it takes no more memory.

/** The browser lost a part of what was measured. The message is one sentence: what, why, what to do. */
export class MeasurementsLostError extends Error {
  override readonly name = 'MeasurementsLostError';
}

/** 64 KiB. */
const DEFAULT_CHUNK_NUMBERS = 8192;

/** Doubles, to the last bit, in the order in which they were written. */
export type NumberLog = {
  add(value: number): void;
  /** All of them. Rejects with a MeasurementsLostError. */
  read(): Promise<Float64Array>;
};

/** An empty log. A chunk is what of it the page's memory holds. */
export function createNumberLog(chunkNumbers = DEFAULT_CHUNK_NUMBERS): NumberLog {
  const full: Blob[] = [];
  let chunk: Float64Array<ArrayBuffer> | null = null;
  let used = 0;

  return {
    add(value) {
      // Streams that are never run take nothing.
      chunk ??= new Float64Array(chunkNumbers);
      chunk[used] = value;
      used += 1;
      if (used < chunkNumbers) return;
      full.push(new Blob([chunk]));
      used = 0;
    },
    async read() {
      const all = new Float64Array(full.length * chunkNumbers + used);
      for (const [i, blob] of full.entries()) {
        all.set(new Float64Array(await bytesOf(blob)), i * chunkNumbers);
      }
      if (chunk) all.set(chunk.subarray(0, used), full.length * chunkNumbers);
      return all;
    },
  };
}

async function bytesOf(blob: Blob): Promise<ArrayBuffer> {
  try {
    return await blob.arrayBuffer();
  } catch {
    throw new MeasurementsLostError(
      'The browser lost what the run had measured, perhaps for lack of space. Free some space on this device and run again.',
    );
  }
}
