// How far several downloads are, as one.
import type { ModelFile } from '../models/model-spec.ts';
import type { ObtainProgress } from './obtain-files.ts';

/** Collects what is told of each file. */
export type ProgressCollector = {
  /** `index` is the file's place in the list; a total of null leaves it as it was known. */
  report(index: number, receivedBytes: number, totalBytes: number | null): void;
};

/** A collector that tells `onProgress` the sums after every report. */
export function startProgress(
  files: readonly ModelFile[],
  onProgress: ((progress: ObtainProgress) => void) | undefined,
): ProgressCollector {
  const states = files.map(({ bytes }) => ({ receivedBytes: 0, totalBytes: bytes }));
  return {
    report(index, receivedBytes, totalBytes) {
      const state = states[index];
      if (!state) throw new RangeError(`There is no file ${index} among ${files.length}.`);
      state.receivedBytes = receivedBytes;
      state.totalBytes = totalBytes ?? state.totalBytes;
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
