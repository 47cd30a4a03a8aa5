// The weights on this device: what is here, what to forget, and the user's own files.
import type { ModelFile, PinnedFile } from '../models/model-spec.ts';
import { keepOrExplain } from './keep-or-explain.ts';
import { promiseOf } from './promise-of.ts';
import { sha256Of } from './sha256-of.ts';
import { openWeightsCache } from './weights-cache.ts';
import type { KeptFile, Pin } from './weights-cache.ts';
import { WeightsError } from './weights-error.ts';

/** The files with their sizes and digests; null when one of them would have to be fetched. */
export async function findKept(files: readonly ModelFile[]): Promise<readonly PinnedFile[] | null> {
  const cache = await openWeightsCache();
  const kept: PinnedFile[] = [];
  for (const file of files) {
    const promised = await promiseOf(file, cache);
    if (!promised || !(await cache.has(promised.sha256))) return null;
    kept.push({ ...file, ...promised });
  }
  return kept;
}

/** All contents that are kept, in the order in which they came. */
export async function listKept(): Promise<readonly KeptFile[]> {
  return (await openWeightsCache()).list();
}

/** Removes files, and what they were when first downloaded, so that a changed one is accepted. */
export async function forgetFiles(files: readonly ModelFile[]): Promise<void> {
  const cache = await openWeightsCache();
  for (const file of files) {
    const promised = await promiseOf(file, cache);
    if (promised) await cache.remove(promised.sha256);
    await cache.removePin(file.url);
  }
}

/** The URL of a file that the user brought. */
export function importedUrl(sha256: string): string {
  return `imported:${sha256}`;
}

/**
 * Keeps a file that the user brought. Throws a WeightsError when storage is full, or when this browser
 * keeps nothing: an engine could then never read it.
 */
export async function keepImported(contents: Uint8Array<ArrayBuffer>): Promise<Pin> {
  const cache = await openWeightsCache();
  if (!cache.isLasting) {
    throw new WeightsError(
      'The model could not be imported because this browser keeps no files for this page. Open it over https or on localhost, and not in a private window.',
    );
  }
  const pin = { bytes: contents.byteLength, sha256: await sha256Of(contents) };
  await keepOrExplain(cache, { ...pin, url: importedUrl(pin.sha256) }, contents, 'The model');
  return pin;
}
