// Writes src/lib/models/built-files.json: what the forge builds, as the catalogue pins it. Committed, so
// that a change of the weights shows up in review.
import { basename, dirname } from 'node:path';
import { MANIFEST_NAME, type Artefact } from './build-models.ts';
import { writeTogether } from './write-together.ts';

const JSON_INDENT = 2;

/** Sizes and digests by path below the models' folder. */
export type FileRecord = Record<string, { bytes: number; sha256: string }>;

/** The record of `artefacts`, sorted by path; the manifest, which is no model, is left out. */
export function toFileRecord(artefacts: readonly Artefact[]): FileRecord {
  const entries = artefacts
    .filter(({ path }) => path !== MANIFEST_NAME)
    .map(({ path, bytes, sha256 }) => [path, { bytes, sha256 }] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries);
}

/** Writes the record to `path`, whole or not at all. Throws a ForgeError when it cannot be written. */
export function recordFiles(artefacts: readonly Artefact[], path: string): void {
  const json = JSON.stringify(toFileRecord(artefacts), null, JSON_INDENT);
  writeTogether(dirname(path), [{ name: basename(path), data: Buffer.from(`${json}\n`) }]);
}
