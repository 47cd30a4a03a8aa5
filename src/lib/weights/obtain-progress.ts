// How far several downloads are, as one.
import type { ObtainProgress } from './obtain-files.ts';

/** What is known of a file before anything is fetched, in bytes; a total of null is not known yet. */
export type FileState = { readonly receivedBytes: number; readonly totalBytes: number | null };

/** Collects what is told of each file. */
export type ProgressCollector = {
  /** `index` is the file's place in the list; a total of null leaves it as it was known. */
  report(index: number, receivedBytes: number, totalBytes: number | null): void;
};

/** A collector that tells `onProgress` the sums after every report, and nothing before the first. */
export function startProgress(
  files: readonly FileState[],
  onProgress: ((progress: ObtainProgress) => void) | undefined,
): ProgressCollector {
  const states = [...files];
  return {
    report(index, receivedBytes, totalBytes) {
      const state = states[index];
      if (!state) throw new RangeError(`There is no file ${index} among ${states.length}.`);
      states[index] = { receivedBytes, totalBytes: totalBytes ?? state.totalBytes };
      onProgress?.({
        receivedBytes: states.reduce((sum, each) => sum + each.receivedBytes, 0),
        totalBytes: states.reduce<number | null>(
          (sum, each) => (sum === null || each.totalBytes === null ? null : sum + each.totalBytes),
          0,
        ),
      });
    },
  };
}
