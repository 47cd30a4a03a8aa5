// `npm run bench` as a program, with a folder of its own for each test.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { RunSummary } from '../../src/lib/benchmark/run-result.ts';
import type { KeypointLine } from '../../src/lib/ui/headless-api.ts';

export type BenchEnd = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** The command for the tests of one file. */
export function benchCommand() {
  let folder = '';
  test.beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kinemark-bench-test-'));
  });
  test.afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** A path in the test's folder. */
  const pathTo = (...names: string[]): string => join(folder, ...names);

  /** Runs the command; its results go to `out` in the test's folder. */
  const bench = async (...args: string[]): Promise<BenchEnd> => {
    const all = ['bench/main.ts', '--out', pathTo('out'), ...args];
    const child = spawn(process.execPath, all, { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stdout, stderr };
  };

  const readResults = (): { schema: string; runs: RunSummary[] } =>
    JSON.parse(readFileSync(pathTo('out', 'results.json'), 'utf8')) as {
      schema: string;
      runs: RunSummary[];
    };

  const readKeypoints = (runId: string): KeypointLine[] =>
    readFileSync(pathTo('out', 'keypoints', `${runId}.jsonl`), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as KeypointLine);

  return { pathTo, bench, readResults, readKeypoints };
}

/** In one line, with exit code 2. */
export function expectRefusal({ code, stderr }: BenchEnd, mentioned: string): void {
  expect(code).toBe(2);
  expect(stderr).toContain(mentioned);
  expect(stderr).toMatch(/^kinemark bench: [^\n]+\n$/);
}
