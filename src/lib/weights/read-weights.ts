// A model's weights for an engine: from what is kept on the device, else from the network, and refused
// unless they are what was promised.
import type { PinnedFile } from '../models/model-spec.ts';
import { fetchContents } from './fetch-contents.ts';
import { openWeightsCache } from './weights-cache.ts';
import type { WeightsCache } from './weights-cache.ts';

/**
 * The bytes of a model file. What had to be fetched is kept where there is room, so that the next time needs
 * no network. Throws a WeightsError when the file cannot be had or is not the promised one.
 */
export async function readWeights(
  modelId: string,
  file: PinnedFile,
): Promise<Uint8Array<ArrayBuffer>> {
  const cache = await openWeightsCache();
  const kept = await cache.read(file.sha256);
  if (kept?.byteLength === file.bytes) return kept;
  const { contents } = await fetchContents(file, file, `The model ${modelId}`, {
    fetch: globalThis.fetch.bind(globalThis),
    signal: undefined,
    retryPausesMs: [],
    onProgress: () => undefined,
  });
  await keepIfPossible(cache, file, contents);
  return contents;
}

/** The engine has what it needs; whether it also lies on the device is no reason to fail. */
async function keepIfPossible(
  cache: WeightsCache,
  file: PinnedFile,
  contents: Uint8Array<ArrayBuffer>,
): Promise<void> {
  try {
    await cache.keep(file, contents);
  } catch {
    // Storage is full or failing: `obtainFiles` says so to whoever wants the file kept.
  }
}
