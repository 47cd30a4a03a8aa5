// A folder for queue and store on a real disk, and how long that disk takes to keep what it is given.
import {
  closeSync,
  fdatasyncSync,
  mkdtempSync,
  openSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quantile, sortedSamples } from '../../src/lib/metrics/quantile.ts';
import { BenchError } from '../bench-error.ts';

/** statfs(2)'s number of a file system that is in memory. */
const TMPFS = 0x01021994;
const SYNCS = 100;
/** A page of SQLite's. */
const SYNC_BYTES = 4096;

/** A folder of our own. */
export type DiskFolder = {
  readonly path: string;
  /** Median time to write 4 KB and have them kept, in ms. */
  readonly syncMs: number;
  readonly remove: () => void;
};

/** Makes a folder below `parent`. Throws a BenchError where nothing is durable. */
export function makeDiskFolder(parent: string | null): DiskFolder {
  const place = parent ?? tmpdir();
  if (process.platform === 'linux' && statfsSync(place).type === TMPFS) {
    throw new BenchError(
      `${place} is in memory, where nothing is durable. Name a folder on a disk with --folder.`,
    );
  }
  const path = mkdtempSync(join(place, 'kinemark-ingest-'));
  return {
    path,
    syncMs: measureSync(join(path, 'sync')),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

function measureSync(file: string): number {
  const page = Buffer.alloc(SYNC_BYTES);
  const descriptor = openSync(file, 'w');
  const timesMs = Array.from({ length: SYNCS }, () => {
    const startedAtMs = performance.now();
    writeSync(descriptor, page);
    fdatasyncSync(descriptor);
    return performance.now() - startedAtMs;
  });
  closeSync(descriptor);
  return quantile(sortedSamples(timesMs), 0.5) ?? NaN;
}
