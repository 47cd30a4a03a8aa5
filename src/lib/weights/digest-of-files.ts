// One digest for the weights of a model, whether they are one file or many.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { PinnedFile } from '../models/model-spec.ts';

/**
 * The file's own SHA-256 where there is one file. Of several, the SHA-256 over a line
 * "<sha256>  <name>" for each, sorted by name, as `sha256sum * | sha256sum` would give. Lower-case hex.
 */
export function digestOfFiles(files: readonly PinnedFile[]): string {
  const [only] = files;
  if (only && files.length === 1) return only.sha256;
  const lines = files
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((file) => `${file.sha256}  ${file.name}\n`);
  return bytesToHex(sha256(utf8ToBytes(lines.join(''))));
}
