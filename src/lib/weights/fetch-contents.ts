// The contents of a file from the network: downloaded, taken out of its archive, and refused unless they are
// what was promised. Keeps nothing.
import type { ModelFile } from '../models/model-spec.ts';
import { archiveEntryOf, isImported, isRemote, requestPathOf } from '../models/remote-path.ts';
import { download } from './download.ts';
import type { DownloadOptions } from './download.ts';
import { fileTitle } from './file-title.ts';
import { sha256Of } from './sha256-of.ts';
import type { Pin } from './weights-cache.ts';
import { WeightsError } from './weights-error.ts';
import { ZipError, extractZipEntry, listZipEntries } from './zip-archive.ts';

/** Verified contents. */
export type FetchedContents = Pin & { readonly contents: Uint8Array<ArrayBuffer> };

/** How to fetch; the rest follows from the file. */
export type FetchOptions = Omit<DownloadOptions, 'title' | 'isDigestKnown'>;

/**
 * Fetches a file that must be the promised one; null promises nothing. `title` is how messages call it.
 * Throws a WeightsError when it cannot be had or is another one, and the signal's reason when aborted.
 */
export async function fetchContents(
  { url }: ModelFile,
  promised: Pin | null,
  title: string,
  options: FetchOptions,
): Promise<FetchedContents> {
  if (isImported(url)) {
    throw new WeightsError(
      `${title} was imported on this device, but the browser no longer has it. Import the model again.`,
    );
  }
  const isDigestKnown = promised !== null;
  const received = await download(requestPathOf(url), { ...options, title, isDigestKnown });
  const entryName = archiveEntryOf(url);
  const contents = entryName === null ? received : await extract(received, entryName, url, title);
  const found = { bytes: contents.byteLength, sha256: await sha256Of(contents) };
  if (promised && (found.sha256 !== promised.sha256 || found.bytes !== promised.bytes)) {
    throw refusal(url, title, found, promised);
  }
  return { ...found, contents };
}

/** An archive that holds the file under any folder. */
async function extract(
  archive: Uint8Array<ArrayBuffer>,
  entryName: string,
  url: string,
  title: string,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const found = listZipEntries(archive).find(({ name }) => `/${name}`.endsWith(`/${entryName}`));
    if (!found) throw new ZipError(`it has no ${entryName}`);
    return await extractZipEntry(archive, found);
  } catch (cause) {
    if (!(cause instanceof ZipError)) throw cause;
    throw new WeightsError(
      `${title} was refused because ${fileTitle(url)} is not the expected archive: ${cause.message}. Fetch it again, or choose another model.`,
    );
  }
}

function refusal(url: string, title: string, found: Pin, promised: Pin): WeightsError {
  const difference =
    found.sha256 === promised.sha256
      ? `${found.bytes} bytes instead of ${promised.bytes}`
      : `SHA-256 ${short(found.sha256)} instead of ${short(promised.sha256)}`;
  const remedy = isRemote(url)
    ? 'Fetch it again; if that does not help, its publisher has changed it: forget the model here to accept the new one, or choose another.'
    : 'Run "npm run models" and start again.';
  return new WeightsError(
    `${title} was refused because it differs from the one that was promised (${difference}). ${remedy}`,
  );
}

function short(sha256: string): string {
  return `${sha256.slice(0, 12)}…`;
}
