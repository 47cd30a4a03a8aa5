// After the last step: what has gone comes back, a page is opened, and everything that was kept must find its way.
// The faults of single requests last until there are none left.
import { setTimeout as wait } from 'node:timers/promises';
import type { Outcome, Stage } from './carry-out.ts';
import type { DeviceContents } from './page-api.ts';
import { CLOCK_STEP_MS } from './server-process.ts';
import type { Tab } from './tab.ts';

/** Nothing is stored, sent or written for so long, also on a busy machine: what waits has been forgotten. */
const STANDSTILL_MS = 30_000;
const PROGRESS_CHECK_MS = 500;
const POLL_MS = 10;
/** Few back-offs of the server's queue follow one another. */
const MOST_CLOCK_STEPS = 5;
/** A queue that is not waiting for its clock is empty by then. */
const PATIENCE_MS = 50;

/** Ends what lasts, waits until nothing is on its way any more, and returns what the device then holds. */
export async function recover(
  { proxy, server, openTab, schedule, tally, progress }: Stage,
  { tabs }: Outcome,
): Promise<{ readonly device: DeviceContents; readonly tab: Tab }> {
  await server.ensureUp();
  server.breakStore(0);
  proxy.signIn(true);
  await Promise.all(tabs.map((tab) => endFaults(tab)));
  // A run that has ended waits for nothing but room; then its tab may go as well.
  await Promise.all(
    tabs.map((tab) => whileProgressing(tab.call('settled'), progress, 'a run is not stored')),
  );
  if (!schedule.keepsTabs) await Promise.all(tabs.map((tab) => tab.end('close')));

  let hasReplayed = false;
  // It may have no room for more before some minutes have passed.
  if (schedule.maxQueueDepthEvents !== null) hasReplayed = await emptyQueue(server);
  const tab = await openTab(null);
  // Else what waits must wake by itself.
  if (proxy.hasPutOff) {
    for (const sender of schedule.keepsTabs ? [...tabs, tab] : [tab]) await sender.call('resume');
  }
  if (!(await tab.call('drained', STANDSTILL_MS))) {
    const state = JSON.stringify(await tab.call('delivery'));
    throw new Error(`the device's outbox is not empty after recovery; the uploader is ${state}`);
  }
  await proxy.settled();
  await server.ensureUp();
  hasReplayed = (await emptyQueue(server)) || hasReplayed;
  if (hasReplayed) tally.count('dead letters were replayed');
  const device = await tab.call('contents');
  if (device === undefined) throw new Error('the page that recovers has died');
  return { device, tab };
}

async function endFaults(tab: Tab): Promise<void> {
  await tab.makeRoom();
  await tab.setOnline(true);
}

/**
 * Until nothing waits on the server either. Some minutes pass for it, so that its back-offs end; a queue that
 * would wait for hours, because a clock was turned back, is stuck. True when there were dead letters.
 */
async function emptyQueue(server: Stage['server']): Promise<boolean> {
  const startMs = performance.now();
  let clockSteps = 0;
  let hasReplayed = false;
  for (;;) {
    const { waiting, dead } = await server.depth();
    if (waiting === 0 && dead === 0) return hasReplayed;
    if (dead > 0) {
      server.replayDeadLetters();
      hasReplayed = true;
    }
    const passedMs = performance.now() - startMs;
    if (passedMs > STANDSTILL_MS) throw new Error(`${waiting} events wait in the server's queue`);
    if (clockSteps < MOST_CLOCK_STEPS && passedMs > (clockSteps + 1) * PATIENCE_MS) {
      clockSteps += 1;
      server.passTime(CLOCK_STEP_MS);
    }
    await wait(POLL_MS);
  }
}

/** Waits for `work` as long as there is progress; then rejects with `problem`. */
async function whileProgressing<T>(
  work: Promise<T>,
  progress: () => number,
  problem: string,
): Promise<T> {
  const done = work.then((result) => ({ result }));
  let seen = progress();
  let sinceMs = performance.now();
  for (;;) {
    const ended = await Promise.race([done, wait(PROGRESS_CHECK_MS)]);
    if (ended) return ended.result;
    if (progress() !== seen) sinceMs = performance.now();
    seen = progress();
    if (performance.now() - sinceMs > STANDSTILL_MS) throw new Error(problem);
  }
}
