// What a bench leaves behind: results.json and, if asked for, one keypoint file per run.
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunSummary } from '../src/lib/benchmark/run-result.ts';
import type { KeypointLine } from '../src/lib/ui/headless-api.ts';
import { BenchError } from './bench-error.ts';

/** Named in the file; described by docs/results.schema.json. */
const RESULTS_SCHEMA = 'kinemark.results/1';

/** A folder of results. Methods throw a BenchError when it cannot be written. */
export type ResultsFolder = {
  /** Where results.json is. */
  readonly resultsPath: string;
  /** Replaces results.json as a whole, with these runs. */
  writeResults(runs: readonly RunSummary[]): Promise<void>;
  /** Writes keypoints/<runId>.jsonl, one line per frame. */
  writeKeypoints(runId: string, lines: readonly KeypointLine[]): Promise<void>;
};

/**
 * Makes the folder and proves that it can be written, before any run is spent on it. Earlier results stay
 * until there are new ones.
 */
export async function openResultsFolder(
  folder: string,
  withKeypoints: boolean,
): Promise<ResultsFolder> {
  const keypointFolder = join(folder, 'keypoints');
  const resultsPath = join(folder, 'results.json');
  for (const each of withKeypoints ? [folder, keypointFolder] : [folder]) {
    await orExplain(folder, () => proveWritable(each));
  }
  return {
    resultsPath,
    async writeResults(runs) {
      const content = JSON.stringify({ schema: RESULTS_SCHEMA, runs }, null, 2);
      await orExplain(folder, () => writeWhole(resultsPath, `${content}\n`));
    },
    async writeKeypoints(runId, lines) {
      const content = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
      await orExplain(folder, () => writeWhole(join(keypointFolder, `${runId}.jsonl`), content));
    },
  };
}

async function proveWritable(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const probe = join(folder, `.kinemark-bench-${process.pid}`);
  await writeFile(probe, '');
  await rm(probe);
}

/** A reader sees the old file or the new one, never half of it. */
async function writeWhole(path: string, content: string): Promise<void> {
  const draft = `${path}.draft`;
  await writeFile(draft, content);
  await rename(draft, path);
}

async function orExplain(folder: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new BenchError(
      `The results cannot be written to ${folder} (${reason}). Choose another folder with --out.`,
    );
  }
}
