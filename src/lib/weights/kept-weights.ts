// The weights on this device: what is here, what to forget, and the user's own files.
import type { ModelFile, PinnedFile } from '../models/model-spec.ts';
import { keepOrExplain } from './keep-or-explain.ts';
import { promiseOf } from './promise-of.ts';
import { sha256Of } from './sha256-of.ts';
import { openWeightsCache } from './weights-cache.ts';
import type { KeptFile, WeightsCache } from './weights-cache.ts';
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

/** Whether there is anything of these files to forget: contents, or what one was when first downloaded. */
export async function isForgettable(files: readonly ModelFile[]): Promise<boolean> {
  const cache = await openWeightsCache();
  for (const file of files) {
    if (await cache.readPin(file.url)) return true;
    const promised = await promiseOf(file, cache);
    if (promised && (await cache.has(promised.sha256))) return true;
  }
  return false;
}

/**
 * Removes files, and what they were when first downloaded, so that a changed one is accepted. Contents that
 * a file of `needed` has as well stay, whoever they were kept for.
 */
export async function forgetFiles(
  files: readonly ModelFile[],
  needed: readonly ModelFile[] = [],
): Promise<void> {
  const cache = await openWeightsCache();
  const staying = new Set(await digestsOf(needed, cache));
  const digests = await digestsOf(files, cache);
  await Promise.all([
    ...digests.filter((sha256) => !staying.has(sha256)).map((sha256) => cache.remove(sha256)),
    ...files.map(({ url }) => cache.removePin(url)),
  ]);
}

/** Removes contents by their digests, whoever they were kept for. */
export async function removeContents(sha256s: readonly string[]): Promise<void> {
  const cache = await openWeightsCache();
  await Promise.all(sha256s.map((sha256) => cache.remove(sha256)));
}

async function digestsOf(files: readonly ModelFile[], cache: WeightsCache): Promise<string[]> {
  const promises = await Promise.all(files.map((file) => promiseOf(file, cache)));
  return promises.flatMap((promised) => promised?.sha256 ?? []);
}

/** The URL of a file that the user brought. */
export function importedUrl(sha256: string): string {
  return `imported:${sha256}`;
}

/**
 * Keeps the files that the user brought, all or none, and gives back the digests of those that were not kept
 * before. Throws a WeightsError when storage is full, or when this browser keeps nothing: an engine could then
 * never read them.
 */
export async function keepImported(
  files: readonly Uint8Array<ArrayBuffer>[],
): Promise<readonly string[]> {
  const cache = await openWeightsCache();
  if (!cache.isLasting) {
    throw new WeightsError(
      'The model could not be imported because this browser keeps no files for this page. Open it over https or on localhost, and not in a private window.',
    );
  }
  const added: string[] = [];
  try {
    for (const contents of files) {
      const sha256 = await sha256Of(contents);
      const isNew = !(await cache.has(sha256));
      const file = { sha256, bytes: contents.byteLength, url: importedUrl(sha256) };
      // Also when it is kept: what lies there may be damaged.
      await keepOrExplain(() => cache.keep(file, contents), file.bytes, 'The model');
      if (isNew) added.push(sha256);
    }
  } catch (cause) {
    await removeContents(added);
    throw cause;
  }
  return added;
}
