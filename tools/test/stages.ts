// The stages of `npm test`, in order, and how each one is run.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { npmCommand } from '../setup/npm-command.mjs';
import { exitCodeOf, runChild } from '../setup/run-child.mjs';
import type { Outcome } from './counts.ts';
import { playwrightFailures, playwrightSecondTries, vitestFailures } from './failures.ts';
import { countPlaywright, countVitest, judge } from './reports.ts';
import type { PlaywrightReport, VitestReport } from './reports.ts';

/** A stage that takes longer hangs. */
const STAGE_LIMIT_MS = 40 * 60_000;

/** A group of tests with a runner of their own. */
export type Stage = {
  readonly name: string;
  /** Whether some of its test files can be run alone. */
  readonly hasFiles: boolean;
  /**
   * Runs it to its end; its output goes to ours.
   * @param only runs the test files alone whose path contains it, for as long as they take; null for all
   */
  readonly run: (only: string | null) => Promise<Outcome>;
};

/** All stages; the cheapest come first. */
export const stages: readonly Stage[] = [
  { name: 'lint', hasFiles: false, run: () => runScript('lint') },
  { name: 'types', hasFiles: false, run: () => runScript('check') },
  { name: 'unit', hasFiles: true, run: (only) => runVitest('unit', only) },
  { name: 'browser', hasFiles: true, run: (only) => runVitest('browser', only) },
  { name: 'integration', hasFiles: true, run: (only) => runVitest('integration', only) },
  { name: 'cloud', hasFiles: true, run: (only) => runVitest('cloud', only) },
  { name: 'faults', hasFiles: false, run: runFaults },
  { name: 'e2e', hasFiles: true, run: runPlaywright },
];

/** An npm script as one test: it passes or fails as a whole. */
async function runScript(script: string): Promise<Outcome> {
  const { program, args, shell } = npmCommand(process.env, ['run', '--silent', script]);
  return asOneTest(await run(program, args, { shell }));
}

/** The fault schedules, together one test: each that fails has said how to repeat it. */
async function runFaults(): Promise<Outcome> {
  const exitCode = await run(process.execPath, [
    '--disable-warning=ExperimentalWarning',
    'tests/faults/main.ts',
  ]);
  return asOneTest(exitCode);
}

/** It has told by itself why it failed. */
function asOneTest(exitCode: number): Outcome {
  const counts = judge({ passed: exitCode === 0 ? 1 : 0, failed: 0, skipped: 0 }, exitCode);
  return { counts, failures: [], secondTries: [] };
}

async function runVitest(project: string, only: string | null): Promise<Outcome> {
  const [report, exitCode] = await runWithReport((reportFile) =>
    run(
      process.execPath,
      [
        'node_modules/vitest/vitest.mjs',
        'run',
        `--project=${project}`,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${reportFile}`,
        ...(only === null ? [] : [only]),
      ],
      { limitMs: limitOf(only) },
    ),
  );
  if (!report) return noReport(exitCode);
  const counts = judge(countVitest(report as VitestReport), exitCode);
  return { counts, failures: vitestFailures(report as VitestReport), secondTries: [] };
}

async function runPlaywright(only: string | null): Promise<Outcome> {
  const [report, exitCode] = await runWithReport((reportFile) =>
    run(
      process.execPath,
      [
        'node_modules/@playwright/test/cli.js',
        'test',
        '--reporter=line,json',
        ...(only === null ? [] : [only]),
      ],
      { environment: { PLAYWRIGHT_JSON_OUTPUT_FILE: reportFile }, limitMs: limitOf(only) },
    ),
  );
  if (!report) return noReport(exitCode);
  const counts = judge(countPlaywright(report as PlaywrightReport), exitCode);
  return {
    counts,
    failures: playwrightFailures(report as PlaywrightReport),
    secondTries: playwrightSecondTries(report as PlaywrightReport),
  };
}

function noReport(exitCode: number): Outcome {
  return { counts: judge(null, exitCode), failures: [], secondTries: [] };
}

/** In ms; 0 for none. Someone watches tests that were asked for by name. */
function limitOf(only: string | null): number {
  return only === null ? STAGE_LIMIT_MS : 0;
}

/** Gives the runner a file for its report; what it left there, null for nothing, and its exit code. */
async function runWithReport(
  runTests: (reportFile: string) => Promise<number>,
): Promise<[report: unknown, exitCode: number]> {
  const folder = await mkdtemp(join(tmpdir(), 'kinemark-report-'));
  const reportFile = join(folder, 'report.json');
  try {
    const exitCode = await runTests(reportFile);
    const text = await readFile(reportFile, 'utf8').catch(() => 'null');
    return [JSON.parse(text), exitCode];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a program without input; resolves with its exit code. */
async function run(
  program: string,
  args: readonly string[],
  {
    shell = false,
    environment = {},
    limitMs = STAGE_LIMIT_MS,
  }: { shell?: boolean; environment?: NodeJS.ProcessEnv; limitMs?: number } = {},
): Promise<number> {
  const end = await runChild(program, args, {
    env: { ...process.env, ...environment },
    shell,
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: limitMs,
  });
  return exitCodeOf(end);
}
