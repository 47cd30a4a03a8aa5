// `npm run bench:overhead`: what the app costs on top of the engine. The app's own page runs the actor,
// in turn with a bare loop over the same engine and frames; the ratio of their FPS is reported.
import type { Page } from '@playwright/test';
import { DEFAULT_TARGET_ID } from '../src/lib/models/catalogue.ts';
import { medianInterval } from '../src/lib/metrics/median-interval.ts';
import { BenchError } from './bench-error.ts';
import { openBenchBrowser } from './browser.ts';
import type { BenchBrowser } from './browser.ts';
import { runCommand } from './run-command.ts';
import type { CommandEnd } from './run-command.ts';
import { openClipInBrowser, runBareLoopInBrowser, waitForHeadlessApi } from './run-in-browser.ts';

/**
 * Short runs, often in turn: what else goes on in a machine changes from minute to minute, and both of a
 * pair should meet the same of it.
 */
const FRAMES = 150;
const PAIRS = 30;
/** The interval of the median ratio must cover it with at least this probability. */
const MIN_CONFIDENCE = 0.95;

/** Longest a run may take on a slow machine, in ms. */
const RUN_LIMIT_MS = 120_000;

await runCommand(measureOverhead);

async function measureOverhead(): Promise<CommandEnd> {
  const browser = await openBenchBrowser();
  try {
    const app = await browser.openPage(`/?frames=${FRAMES}`);
    const bare = await browser.openPage('/headless');
    await waitForHeadlessApi(bare);
    await openClipInBrowser(bare, { path: null, name: 'the actor clip' }, FRAMES);

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
    const { middle, low, high, confidence } = medianInterval(ratios, MIN_CONFIDENCE);
    const [median, from, to] = [middle, low, high].map((ratio) => ratio.toFixed(3));
    console.log(
      `\nEffective FPS of the app over a bare loop: median ${median}, ${(100 * confidence).toFixed(1)} % interval of the median ${from} to ${to} (${PAIRS} interleaved pairs of ${FRAMES} frames, ${DEFAULT_TARGET_ID}, actor)`,
    );
    return 'complete';
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
