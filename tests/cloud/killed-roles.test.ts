// The whole deployment while its processes are killed at random moments: devices send through the dashboard, as
// browsers do, and everything they had must be on the dashboard once.
import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { sendBatch } from '../../src/lib/events/send-batch.ts';
import { createUploader } from '../../src/lib/events/uploader.ts';
import { createSeededRandom } from '../../src/lib/metrics/seeded-random.ts';
import type { RunDetail } from '../../server/store/store.server.ts';
import { finishedEvent, startedEvent, windowEvent } from '../fixtures/events.ts';
import { MemoryOutbox } from '../unit/events/memory-outbox.ts';
import { runId } from '../unit/events/sent-batches.ts';
import { createResources } from './google-resources.ts';
import { startDeployment } from './role-process.ts';
import type { RoleProcess } from './role-process.ts';
import { freshGoogleConfig, hasEmulators } from './use-emulators.ts';

const SEED = Number(process.env['KINEMARK_CLOUD_SEED'] ?? 1);
/** Each with a run of its own, and one process killed while its events are on their way. */
const SCHEDULES = Number(process.env['KINEMARK_CLOUD_SCHEDULES'] ?? 36);
const MOST_WINDOWS = 12;
/** A batch is at the store within this time, where nothing is killed. */
const LONGEST_KILL_DELAY_MS = 250;
/** What a killed worker held comes again after the subscription's 10 s. */
const ARRIVAL_LIMIT_MS = 120_000;
const TEST_LIMIT_MS = 600_000;

/** A device that sends what is in its outbox, for as long as it takes. */
function startDevice(url: string) {
  const outbox = new MemoryOutbox();
  const uploader = createUploader({
    outbox,
    send: (events, options) => sendBatch(`${url}/metrics`, events, options),
    exclusively: (work) => work(),
    now: Date.now,
    random: Math.random,
  });
  onTestFinished(() => uploader.stop());
  return { outbox, uploader };
}

function eventsOf(run: number, windows: number) {
  const of = { runId: runId(run) };
  const indexes = Array.from({ length: windows }, (_, index) => index);
  return [startedEvent(of), ...indexes.map((index) => windowEvent(index, of)), finishedEvent(of)];
}

async function readRun(dashboard: RoleProcess, run: number): Promise<RunDetail | null> {
  const response = await fetch(`${dashboard.url}/runs/${runId(run)}/run.json`);
  return response.ok ? ((await response.json()) as RunDetail) : null;
}

test.skipIf(!hasEmulators)(
  'whichever process is killed, and whenever, everything arrives once',
  async () => {
    const google = freshGoogleConfig();
    await createResources(google);
    const { ingest, worker, dashboard } = await startDeployment(google);
    const { outbox, uploader } = startDevice(dashboard.url);
    const roles = [ingest, worker, dashboard];
    const random = createSeededRandom(SEED);
    const below = (limit: number) => Math.floor(random() * limit);
    const windowsOf = Array.from({ length: SCHEDULES }, () => below(MOST_WINDOWS + 1));

    for (const [run, windows] of windowsOf.entries()) {
      const victim = roles[run % roles.length]!;
      outbox.add(...eventsOf(run, windows));
      void uploader.flush();
      await wait(below(LONGEST_KILL_DELAY_MS));
      await victim.kill();
      await victim.start();
    }

    await expect
      .poll(
        async () => {
          void uploader.wake();
          const runs = await Promise.all(windowsOf.map((_, run) => readRun(dashboard, run)));
          return runs.map((found) => (found?.finished ? found.windows.length : null));
        },
        { timeout: ARRIVAL_LIMIT_MS, interval: 1000 },
      )
      .toEqual(windowsOf);
    expect(outbox.entries).toEqual([]);
    expect(outbox.rejected).toEqual([]);

    // Once: what the list says was counted as it was written.
    const response = await fetch(`${dashboard.url}/runs/list.json`);
    const { runs, deadLetters } = (await response.json()) as {
      runs: { runId: string; windowCount: number; status: string }[];
      deadLetters: number;
    };
    const counted = new Map(runs.map((run) => [run.runId, run.windowCount]));
    expect(windowsOf.map((_, run) => counted.get(runId(run)))).toEqual(windowsOf);
    expect(runs.every(({ status }) => status === 'finished')).toBe(true);
    expect(deadLetters).toBe(0);
    for (const [run, windows] of windowsOf.entries()) {
      const found = await readRun(dashboard, run);
      expect(found?.started).not.toBeNull();
      expect(found?.windows.map(({ index }) => index)).toEqual(
        Array.from({ length: windows }, (_, i) => i),
      );
    }
  },
  TEST_LIMIT_MS,
);
