// `npm run test:faults`: many schedules of faults on the real parts, and one line that says what was lost.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundlePage } from './page-bundle.ts';
import { startFaultBrowser } from './fault-browser.ts';
import type { FaultBrowser } from './fault-browser.ts';
import { readFaultOptions, USAGE, UsageError } from './fault-options.ts';
import type { FaultOptions } from './fault-options.ts';
import { startFaultProxy } from './fault-proxy.ts';
import { makeBrowserDeath } from './make-browser-death.ts';
import { makeSchedule } from './make-schedule.ts';
import { describeFailure } from './describe-failure.ts';
import { runSchedule } from './run-schedule.ts';
import type { Lane } from './run-schedule.ts';
import type { Schedule } from './schedule.ts';
import { createServerProcess } from './server-process.ts';
import { createTally } from './tally.ts';
import { addVerdict, describeTotals, noTotals } from './totals.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
/** A browser takes seconds to start again. Those in which it is killed come on top of the others. */
const SCHEDULES_PER_BROWSER_DEATH = 60;
/** Schedules between two lines of progress. */
const PROGRESS_STEP = 25;
/** More failures say nothing new. */
const MOST_FAILURES_SHOWN = 10;

try {
  const options = readFaultOptions(process.argv.slice(2));
  if (options === null) console.log(USAGE);
  else process.exitCode = (await runAll(options)) ? 0 : EXIT_FAILED;
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`kinemark faults: ${error.message}\n\n${USAGE}`);
  process.exitCode = EXIT_USAGE;
}

/** Whether every schedule kept what it must, and every fault was among them. */
async function runAll({ firstSeed, schedules, lanes }: FaultOptions): Promise<boolean> {
  const script = await bundlePage();
  const tally = createTally();
  const folder = await mkdtemp(join(tmpdir(), 'kinemark-faults-'));
  const browser = await startFaultBrowser(join(folder, 'profile'), tally);
  let totals = noTotals;
  let next = firstSeed;

  async function runLane(laneBrowser: FaultBrowser, take: () => Schedule | null): Promise<void> {
    const lane: Lane = {
      browser: laneBrowser,
      proxy: await startFaultProxy(script),
      server: createServerProcess(join(folder, 'compiled')),
      tally,
      folder: await mkdtemp(join(folder, 'lane-')),
    };
    for (let schedule = take(); schedule !== null; schedule = take()) {
      const verdict = await runSchedule(schedule, lane);
      if (!laneBrowser.isRunning) throw new Error('The browser has ended before its schedules.');
      totals = addVerdict(totals, verdict);
      const failure = describeFailure(schedule, verdict);
      if (failure !== null && totals.failed <= MOST_FAILURES_SHOWN) console.log(failure);
      if (totals.schedules % PROGRESS_STEP === 0) console.log(describeTotals(totals));
    }
    await lane.server.end();
    await lane.proxy.close();
  }

  const takeNext = () => (next < firstSeed + schedules ? makeSchedule(next++) : null);

  /** In a browser of their own: the others' would take the tabs of all lanes with it. */
  async function runBrowserDeaths(): Promise<void> {
    const mortal = await startFaultBrowser(join(folder, 'mortal-profile'), tally);
    let left = Math.ceil(schedules / SCHEDULES_PER_BROWSER_DEATH);
    const takeDeath = () => (left-- > 0 ? makeBrowserDeath(firstSeed + left) : null);
    await runLane(mortal, takeDeath).finally(() => mortal.close());
  }

  try {
    await Promise.all([
      ...Array.from({ length: Math.min(lanes, schedules) }, () => runLane(browser, takeNext)),
      runBrowserDeaths(),
    ]);
  } finally {
    await browser.close();
    // A browser may write its last while it ends.
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  const missing = tally.missing(schedules);
  for (const happening of missing) console.log(`too rare: ${happening}`);
  console.log(`\n${tally.describe()}\n${describeTotals(totals)}`);
  return totals.failed === 0 && missing.length === 0;
}
