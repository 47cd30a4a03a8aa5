// Writes files that belong together, such that nobody ever sees half of one.
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ForgeError } from './forge-error.ts';

/** A file to write; `name` is relative to the folder, with slashes where it lies deeper. */
export interface OutputFile {
  name: string;
  data: Uint8Array;
}

/**
 * Creates the folders if need be, writes every file under a temporary name, and once all are complete
 * renames them in order: the file that lists the others belongs last. Throws a ForgeError when the
 * folder cannot be written to; then no temporary file is left.
 */
export function writeTogether(folder: string, files: readonly OutputFile[]): void {
  const steps = files.map(({ name, data }) => {
    const path = join(folder, name);
    return {
      data,
      path,
      temporaryPath: join(dirname(path), `.${basename(path)}.${process.pid}.tmp`),
    };
  });
  try {
    for (const { path } of steps) mkdirSync(dirname(path), { recursive: true });
    for (const { temporaryPath, data } of steps) writeFileSync(temporaryPath, data);
    for (const { temporaryPath, path } of steps) renameSync(temporaryPath, path);
  } catch (error) {
    for (const { temporaryPath } of steps) removeIfPossible(temporaryPath);
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new ForgeError(
      `${nameAll(files)} cannot be written to ${folder} (${code}); check that it is a folder, that you may ` +
        'write to it, that no folder has the name of a file, and that the disk has room.',
      { cause: error },
    );
  }
}

function nameAll(files: readonly OutputFile[]): string {
  return files.length === 1 ? files[0]!.name : 'The models';
}

function removeIfPossible(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The folder itself is unusable, so nothing was written; the first error is the one to report.
  }
}
