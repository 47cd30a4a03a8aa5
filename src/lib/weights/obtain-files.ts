// Gets the files of a model onto the device before a run: what is not kept yet is fetched, verified, kept,
// and pinned where nobody published a digest.
import type { ModelFile, PinnedFile } from '../models/model-spec.ts';
import { isRemote } from '../models/remote-path.ts';
import { fetchContents } from './fetch-contents.ts';
import { fileTitle } from './file-title.ts';
import { keepOrExplain } from './keep-or-explain.ts';
import { promiseOf } from './promise-of.ts';
import { startProgress } from './obtain-progress.ts';
import type { FileState } from './obtain-progress.ts';
import { openWeightsCache } from './weights-cache.ts';
import type { Pin, WeightsCache } from './weights-cache.ts';

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
 * WeightsError with a sentence, or the signal's reason. What had arrived whole by then stays, and the next call
 * on this page continues the rest; but when storage fails or is full, nothing stays that this call brought.
 * Progress is told from the first answer to a download on, so never when nothing has to be fetched.
 */
export async function obtainFiles(
  files: readonly ModelFile[],
  options: ObtainOptions = {},
): Promise<readonly PinnedFile[]> {
  const cache = await openWeightsCache();
  const wanted = await Promise.all(files.map((file) => lookUp(file, cache)));
  const progress = startProgress(wanted.map(stateOf), options.onProgress);
  const undo: UndoSteps = [];
  const obtained: PinnedFile[] = [];
  for (const [index, { file, promised, isKept }] of wanted.entries()) {
    options.signal?.throwIfAborted();
    if (promised && isKept) {
      obtained.push({ ...file, ...promised });
      continue;
    }
    const { contents, ...found } = await fetchContents(file, promised, fileTitle(file.url), {
      fetch: options.fetch ?? globalThis.fetch.bind(globalThis),
      signal: options.signal,
      retryPausesMs: options.retryPausesMs ?? RETRY_PAUSES_MS,
      onProgress: (received, total) => progress.report(index, received, total),
    });
    try {
      await keep({ ...file, ...found }, contents, { isPinned: promised !== null, cache, undo });
    } catch (cause) {
      await Promise.all(undo.map((step) => step()));
      throw cause;
    }
    progress.report(index, found.bytes, found.bytes);
    obtained.push({ ...file, ...found });
  }
  return obtained;
}

/** A file, and what this device knows and has of it. */
type WantedFile = {
  readonly file: ModelFile;
  readonly promised: Pin | null;
  readonly isKept: boolean;
};

async function lookUp(file: ModelFile, cache: WeightsCache): Promise<WantedFile> {
  const promised = await promiseOf(file, cache);
  return { file, promised, isKept: promised !== null && (await cache.has(promised.sha256)) };
}

function stateOf({ file, promised, isKept }: WantedFile): FileState {
  const totalBytes = promised?.bytes ?? file.bytes;
  return { receivedBytes: isKept && totalBytes !== null ? totalBytes : 0, totalBytes };
}

/** Takes back what a call has kept so far. */
type UndoSteps = (() => Promise<void>)[];

type Keeping = {
  readonly isPinned: boolean;
  readonly cache: WeightsCache;
  readonly undo: UndoSteps;
};

/** Keeps contents, and pins them where nobody promised them. */
async function keep(
  file: PinnedFile,
  contents: Uint8Array<ArrayBuffer>,
  { isPinned, cache, undo }: Keeping,
): Promise<void> {
  const { url, bytes, sha256 } = file;
  async function keepAll(): Promise<void> {
    // The same contents may be there for another file.
    const isNew = !(await cache.has(sha256));
    await cache.keep({ url, bytes, sha256 }, contents);
    if (isNew) undo.push(() => cache.remove(sha256));
    if (isPinned) return;
    await cache.keepPin(url, { bytes, sha256 });
    undo.push(() => cache.removePin(url));
  }
  try {
    await keepOrExplain(keepAll, bytes, fileTitle(url));
  } catch (cause) {
    // Our own server has it at any time.
    if (isRemote(url)) throw cause;
  }
}
