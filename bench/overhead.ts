// `npm run bench:overhead`: what the app costs on top of the engine. The app's own page runs the actor,
// in turn with a bare loop over the same engine and frames; the ratio of their FPS is reported.
import type { Page } from '@playwright/test';
import type { VerdictReason } from '../src/lib/benchmark/verdict.ts';
import { medianInterval } from '../src/lib/metrics/median-interval.ts';
import type { Target } from '../src/lib/models/target.ts';
import { ACTOR } from './bench-clip.ts';
import { BenchError } from './bench-error.ts';
import { openBenchBrowser } from './browser.ts';
import type { BenchBrowser } from './browser.ts';
import { OVERHEAD_USAGE, readOverheadOptions } from './overhead-options.ts';
import type { OverheadOptions } from './overhead-options.ts';
import { runCommand } from './run-command.ts';
import type { CommandEnd } from './run-command.ts';
import { openClipInBrowser, runBareLoopInBrowser, waitForHeadlessApi } from './run-in-browser.ts';

/**
 * Short runs, often in turn: what else goes on in a machine changes from minute to minute, and both of a
 * pair should meet the same of it.
 */
const FRAMES = 150;
/** The interval of the median ratio must cover it with at least this probability. */
const MIN_CONFIDENCE = 0.95;

/** Longest a run may take on a slow machine, in ms. */
const RUN_LIMIT_MS = 120_000;

/** What a restless machine does to a run, and to the bare loop of the same pair too. */
const TOLERATED: readonly VerdictReason[] = [
  'too-short',
  'unsteady',
  'latency-drift',
  'device-busy',
];

await runCommand(measureOverhead);

async function measureOverhead(): Promise<CommandEnd> {
  const options = readOverheadOptions(process.argv.slice(2));
  if (!options) {
    console.log(OVERHEAD_USAGE);
    return 'complete';
  }
  const browser = await openBenchBrowser();
  try {
    const ratios = await measurePairs(browser, options);
    console.log('\nEffective FPS of the app over a bare loop');
    for (const { target, of } of ratios) {
      const { middle, low, high, confidence } = medianInterval(of, MIN_CONFIDENCE);
      const [median, from, to] = [middle, low, high].map((ratio) => ratio.toFixed(3));
      console.log(
        `${target.id}: median ${median}, ${(100 * confidence).toFixed(1)} % interval of the median ${from} to ${to} (${options.pairs} interleaved pairs of ${FRAMES} frames of the actor)`,
      );
    }
    return 'complete';
  } finally {
    await browser.close();
  }
}

type Ratios = { readonly target: Target; readonly of: number[] };

async function measurePairs(
  browser: BenchBrowser,
  { targets, pairs }: OverheadOptions,
): Promise<readonly Ratios[]> {
  const ratios = targets.map((target): Ratios => ({ target, of: [] }));
  const app = await browser.openPage(`/?frames=${FRAMES}`);
  const bare = await browser.openPage('/headless');
  await waitForHeadlessApi(bare);
  await openClipInBrowser(bare, ACTOR, FRAMES);

  const width = Math.max(...targets.map(({ id }) => id.length));
  console.log(`pair  ${'target'.padEnd(width)}  app FPS  bare FPS  ratio`);
  for (let pair = 0; pair < pairs; pair += 1) {
    for (const { target, of } of ratios) {
      // Whoever goes second may find a warmer machine, so they take turns at it.
      const appFirst = pair % 2 === 0;
      let appFps = appFirst ? await runInApp(browser, app, target) : 0;
      await bare.bringToFront();
      const bareFps = await runBareLoopInBrowser(bare, target.id);
      if (!appFirst) appFps = await runInApp(browser, app, target);
      of.push(appFps / bareFps);
      console.log(
        `${String(pair + 1).padStart(4)}  ${target.id.padEnd(width)}  ${appFps.toFixed(2).padStart(7)}  ${bareFps.toFixed(2).padStart(8)}  ${(appFps / bareFps).toFixed(3)}`,
      );
    }
  }
  return ratios;
}

/**
 * Chooses the target and presses Run on the app's page; gives the effective FPS of the run that arrives, which
 * is of its timed part alone. Returns when the page has nothing left to do.
 */
async function runInApp({ store }: BenchBrowser, page: Page, target: Target): Promise<number> {
  await page.bringToFront();
  const [before] = await store.listRuns({ limit: 1 });
  const choices = { Model: target.model.id, Engine: target.engine, Backend: target.backend };
  for (const [name, value] of Object.entries(choices)) {
    await page.getByRole('combobox', { name, exact: true }).selectOption(value);
  }
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('heading', { name: 'Result' }).waitFor({ timeout: RUN_LIMIT_MS });
  await page.getByText('On the dashboard.').waitFor();
  const [run] = await store.listRuns({ limit: 1 });
  if (!run?.effectiveFps || run.runId === before?.runId || run.target !== target.id) {
    throw new BenchError('The app gave no run; open it in a browser to see why.');
  }
  const faults = run.verdict?.reasons.filter((reason) => !TOLERATED.includes(reason)) ?? [];
  if (run.frames?.processed !== FRAMES || faults.length > 0) {
    throw new BenchError(
      `The app's run of ${target.id} cannot be used (${faults.join(', ') || 'frames are missing'}); open it in a browser to see why.`,
    );
  }
  return run.effectiveFps;
}
