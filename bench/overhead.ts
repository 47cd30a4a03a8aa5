// `npm run bench:overhead`: what the app costs on top of the engine. The app's own page runs the actor,
// in turn with a bare loop over the same engine and frames; the ratio of their FPS is reported.
import type { Page } from '@playwright/test';
import { DEFAULT_TARGET_ID } from '../src/lib/models/catalogue.ts';
import { quantile, sortedSamples } from '../src/lib/metrics/quantile.ts';
import { BenchError } from './bench-error.ts';
import { openBenchBrowser } from './browser.ts';
import type { BenchBrowser } from './browser.ts';
import { openClipInBrowser, runBareLoopInBrowser, waitForHeadlessApi } from './run-in-browser.ts';

/**
 * Pairs of runs. The smallest and the largest of n ratios enclose their median with a confidence of
 * 1 − 2·(1/2)ⁿ, whatever their distribution (order statistics): 96.9 % for six.
 */
const PAIRS = 6;
const CONFIDENCE_PERCENT = (100 * (1 - 2 * 0.5 ** PAIRS)).toFixed(1);

/** Longest a run of the actor may take on a slow machine, in ms. */
const RUN_LIMIT_MS = 300_000;
const EXIT_REFUSED = 2;

try {
  await measureOverhead();
} catch (cause) {
  if (!(cause instanceof BenchError)) throw cause;
  console.error(`kinemark bench: ${cause.message}`);
  process.exitCode = EXIT_REFUSED;
}

async function measureOverhead(): Promise<void> {
  const browser = await openBenchBrowser();
  try {
    const app = await browser.openPage('/');
    const bare = await browser.openPage('/headless');
    await waitForHeadlessApi(bare);
    await openClipInBrowser(bare, { path: null, name: 'the actor clip' }, null);

    console.log('pair  app FPS  bare FPS  ratio');
    const ratios: number[] = [];
    for (let pair = 0; pair < PAIRS; pair += 1) {
      // Whoever goes second may find a warmer machine, so they take turns at it.
      const appFirst = pair % 2 === 0;
      let appFps = appFirst ? await runInApp(browser, app) : 0;
      await bare.bringToFront();
      const bareFps = await runBareLoopInBrowser(bare, DEFAULT_TARGET_ID);
      if (!appFirst) appFps = await runInApp(browser, app);
      ratios.push(appFps / bareFps);
      console.log(
        `${String(pair + 1).padStart(4)}  ${appFps.toFixed(2).padStart(7)}  ${bareFps.toFixed(2).padStart(8)}  ${(appFps / bareFps).toFixed(3)}`,
      );
    }
    const sorted = sortedSamples(ratios);
    const [low, middle, high] = [0, 0.5, 1].map((q) => quantile(sorted, q)?.toFixed(3));
    console.log(
      `\nEffective FPS of the app over a bare loop: median ${middle}, ${CONFIDENCE_PERCENT} % interval of the median ${low} to ${high} (${PAIRS} interleaved pairs, ${DEFAULT_TARGET_ID}, actor)`,
    );
  } finally {
    await browser.close();
  }
}

/** Presses Run on the app's page and gives the effective FPS of the run that arrives. */
async function runInApp({ store }: BenchBrowser, page: Page): Promise<number> {
  await page.bringToFront();
  const [before] = await store.listRuns({ limit: 1 });
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('heading', { name: 'Result' }).waitFor({ timeout: RUN_LIMIT_MS });
  await page.getByText('On the dashboard.').waitFor();
  const [run] = await store.listRuns({ limit: 1 });
  if (!run?.effectiveFps || run.runId === before?.runId || !run.verdict?.valid) {
    throw new BenchError('The app gave no valid run; open it in a browser to see why.');
  }
  return run.effectiveFps;
}
