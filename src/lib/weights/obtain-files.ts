// Gets the files of a model onto the device before a run: what is not kept yet is fetched, verified, kept,
// and pinned where nobody published a digest.
import type { ModelFile, PinnedFile } from '../models/model-spec.ts';
import { isRemote } from '../models/remote-path.ts';
import { fetchContents } from './fetch-contents.ts';
import type { FetchedContents } from './fetch-contents.ts';
import { fileTitle } from './file-title.ts';
import { keepOrExplain } from './keep-or-explain.ts';
import { promiseOf } from './promise-of.ts';
import { startProgress } from './obtain-progress.ts';
import { openWeightsCache } from './weights-cache.ts';
import type { WeightsCache } from './weights-cache.ts';

/** Of all files together, in bytes. `totalBytes` is null while the size of one is not known. */
export type ObtainProgress = { readonly receivedBytes: number; readonly totalBytes: number | null };

/** How to obtain files. Everything has a default. */
export type ObtainOptions = {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ObtainProgress) => void;
  readonly fetch?: typeof fetch;
  /** How long to wait before each further attempt at a file, in ms. */
  readonly retryPausesMs?: readonly number[];
};

/** Long enough for a router to come back, short enough to watch. */
const RETRY_PAUSES_MS = [500, 1000, 2000, 4000];

/**
 * The files with their sizes and digests, all of them on the device where it can keep anything. Throws a
 * WeightsError with a sentence, or the signal's reason; then none of the files is kept that were not kept
 * before, and the next call on this page continues the download.
 */
export async function obtainFiles(
  files: readonly ModelFile[],
  options: ObtainOptions = {},
): Promise<readonly PinnedFile[]> {
  const cache = await openWeightsCache();
  const progress = startProgress(files, options.onProgress);
  const added: string[] = [];
  const obtained: PinnedFile[] = [];
  try {
    for (const [index, file] of files.entries()) {
      options.signal?.throwIfAborted();
      const promised = await promiseOf(file, cache);
      if (promised && (await cache.has(promised.sha256))) {
        progress.report(index, promised.bytes, promised.bytes);
        obtained.push({ ...file, ...promised });
        continue;
      }
      const { contents, ...found } = await fetchContents(file, promised, fileTitle(file.url), {
        fetch: options.fetch ?? globalThis.fetch.bind(globalThis),
        signal: options.signal,
        retryPausesMs: options.retryPausesMs ?? RETRY_PAUSES_MS,
        onProgress: (received, total) => progress.report(index, received, total),
      });
      await keep(file, { contents, ...found }, cache);
      added.push(found.sha256);
      if (!promised) await cache.keepPin(file.url, found);
      progress.report(index, found.bytes, found.bytes);
      obtained.push({ ...file, ...found });
    }
  } catch (cause) {
    await Promise.all(added.map((sha256) => cache.remove(sha256)));
    throw cause;
  }
  return obtained;
}

async function keep(
  { url }: ModelFile,
  { contents, ...found }: FetchedContents,
  cache: WeightsCache,
): Promise<void> {
  try {
    await keepOrExplain(cache, { ...found, url }, contents, fileTitle(url));
  } catch (cause) {
    // Our own server has it at any time.
    if (isRemote(url)) throw cause;
  }
}
