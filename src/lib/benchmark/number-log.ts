// Numbers that are written during a run and read at its end. The page's memory holds the last few thousand:
// the others lie in Blobs, which browsers keep outside of the page and on disk if need be. However long a run
// goes on, it takes no more memory.

/** The browser lost a part of what was measured. The message is a sentence or two: what, why, what to do. */
export class MeasurementsLostError extends Error {
  override readonly name = 'MeasurementsLostError';
}

/** What is left of a log. */
export type NumbersLeft = {
  /** All of them or, where some were lost, those before. */
  readonly numbers: Float64Array;
  readonly loss: MeasurementsLostError | null;
};

/** 64 KiB. */
const DEFAULT_CHUNK_NUMBERS = 8192;

/** Doubles, to the last bit, in the order in which they were written. */
export type NumberLog = {
  add(value: number): void;
  /** All of them, as far as the browser still has them. */
  read(): Promise<NumbersLeft>;
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
      const numbers = new Float64Array(full.length * chunkNumbers + used);
      for (const [i, blob] of full.entries()) {
        const bytes = await bytesOf(blob);
        if (!bytes) return { numbers: numbers.subarray(0, i * chunkNumbers), loss: lost() };
        numbers.set(new Float64Array(bytes), i * chunkNumbers);
      }
      if (chunk) numbers.set(chunk.subarray(0, used), full.length * chunkNumbers);
      return { numbers, loss: null };
    },
  };
}

async function bytesOf(blob: Blob): Promise<ArrayBuffer | null> {
  try {
    return await blob.arrayBuffer();
  } catch {
    return null;
  }
}

function lost(): MeasurementsLostError {
  return new MeasurementsLostError(
    'The browser lost a part of what the run had measured, perhaps for lack of space. Free some space on this device and run again.',
  );
}
