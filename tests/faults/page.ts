// The page of a schedule: the application's own storage, recorder and uploader, with simulated runs in place
// of models and pictures. The harness drives it (page-api.ts) and hears of every write.
import type { MetricEvent } from '../../src/lib/events/metric-event.ts';
import type { Uploader } from '../../src/lib/events/uploader.ts';
import { openDatabase } from '../../src/lib/storage/database.ts';
import { holdRunLock } from '../../src/lib/storage/run-lock.ts';
import type { RunStore } from '../../src/lib/storage/run-store.ts';
import { isOutOfRoom } from '../../src/lib/storage/with-room.ts';
import { startDeviceServices } from '../../src/lib/ui/device-services.ts';
import { createRunRecorder } from '../../src/lib/ui/run-recorder.ts';
import type { RunRecorder } from '../../src/lib/ui/run-recorder.ts';
import { keyOf } from './event-key.ts';
import type { DeviceContents, FaultPage } from './page-api.ts';
import type { PlannedRun } from './schedule.ts';
import { installShiftedDate, shiftDate } from './shifted-date.ts';
import { SKELETON, simulateRun } from './simulated-run.ts';
import type { SimulatedRun } from './simulated-run.ts';

/** A hundredth of the application's: a schedule has seconds where a user has minutes. */
const BACK_OFF = { firstMs: 5, longestMs: 100 };
/** Longer than an answer takes on a busy machine, as else every request would be tried again. */
const ANSWER_LIMIT_MS = 400;
/** Between two tries at what storage refused. */
const RETRY_MS = 30;
const POLL_MS = 10;

/** A run that goes on in this page. */
type OwnRun = {
  readonly simulated: SimulatedRun;
  /** Everything asked for so far, one after the other; false when the page has no database for it. */
  course: Promise<boolean>;
  recorder: RunRecorder | null;
};

installShiftedDate();

const services = startDeviceServices({
  backOff: BACK_OFF,
  answerLimitMs: ANSWER_LIMIT_MS,
  watchRuns,
});
const runs = new Map<string, OwnRun>();
services.catch((cause: unknown) => {
  if (isOutOfRoom(cause)) void window.faultsRefuse();
  else complain(cause);
});

/** The harness is told before a write begins and after its transaction is complete. */
function watchRuns(store: RunStore): RunStore {
  async function write(event: MetricEvent, step: () => Promise<void>): Promise<void> {
    await window.faultsIntend(event);
    try {
      await step();
    } catch (cause) {
      if (isOutOfRoom(cause)) void window.faultsRefuse();
      throw cause;
    }
    void window.faultsCommit(keyOf(event));
  }
  return {
    ...store,
    start: (start, skeleton, event) => write(event, () => store.start(start, skeleton, event)),
    addWindow: (event) => write(event, () => store.addWindow(event)),
    finish: (result, event) => write(event, () => store.finish(result, event)),
  };
}

async function beginRun(run: OwnRun, { runId }: PlannedRun): Promise<void> {
  const { deviceId, runs: store, retention, uploader } = await services;
  run.recorder = createRunRecorder({
    runId,
    deviceId,
    skeleton: SKELETON,
    store,
    retention,
    onStored: () => uploader.flush(),
    onProblem: () => undefined, // Of what is shown to users, other tests speak.
    release: await holdRunLock(runId),
    retryMs: RETRY_MS,
  });
  run.recorder.onStart(run.simulated.start(new Date()));
}

function complain(cause: unknown): void {
  void window.faultsComplain(String(cause));
}

/** Adds a step to a run's course. */
function proceed(runId: string, step: (run: OwnRun) => unknown): void {
  const run = runs.get(runId);
  if (!run) throw new Error(`No run ${runId} goes on in this page.`);
  run.course = run.course.then(async (hasDatabase) => {
    if (hasDatabase) await step(run);
    return hasDatabase;
  });
  run.course.catch(complain);
}

/** A visit that finds no room for a database stores nothing, and promises nothing; why has been told. */
async function hasDatabaseFor(runId: string): Promise<boolean> {
  try {
    await services;
    return true;
  } catch {
    await window.faultsForgo(runId);
    return false;
  }
}

/** A page without a database has nothing to send; why it has none was told when it opened. */
function withUploader(work: (uploader: Uploader) => unknown): void {
  void services.then(
    ({ uploader }) => work(uploader),
    () => undefined,
  );
}

/** Every run has an end, and no event waits: in this order, as a run that is given its end adds an event. */
async function isDrained(): Promise<boolean> {
  const { runs: store, waitingEvents } = await services;
  const kept = await store.list();
  if (kept.some((run) => run.summary === null && run.interruptedAt === null)) return false;
  return (await waitingEvents()) === 0;
}

async function readContents(): Promise<DeviceContents> {
  const { runs: store, rejected } = await services;
  const db = await openDatabase();
  const waiting = await db.getAll('outbox');
  const details = await Promise.all((await store.list()).map(({ runId }) => store.get(runId)));
  db.close();
  return {
    waiting,
    rejected: (await rejected.list()).map(({ event, reason }) => ({ event, reason })),
    runs: details.flatMap((detail) =>
      detail ? [{ run: detail.run, windows: detail.windows }] : [],
    ),
  };
}

const faultPage: FaultPage = {
  start(planned) {
    runs.set(planned.runId, {
      simulated: simulateRun(planned),
      course: hasDatabaseFor(planned.runId),
      recorder: null,
    });
    proceed(planned.runId, (run) => beginRun(run, planned));
  },
  record(runId, windows) {
    proceed(runId, ({ recorder, simulated }) => {
      for (let made = 0; made < windows; made += 1) recorder?.onWindow(simulated.nextWindow());
    });
  },
  finish(runId) {
    proceed(runId, ({ recorder, simulated }) => recorder?.finish(simulated.end()));
  },
  hide: () => withUploader((uploader) => uploader.leave()),
  resume: () => withUploader((uploader) => uploader.resume()),
  shiftDate,
  async settled() {
    await Promise.allSettled([...runs.values()].map(({ course }) => course));
  },
  async drained(limitMs) {
    const { waitingEvents } = await services;
    let waiting = -1;
    let sinceMs = performance.now();
    while (!(await isDrained())) {
      const now = await waitingEvents();
      if (now !== waiting) sinceMs = performance.now();
      waiting = now;
      if (performance.now() - sinceMs > limitMs) return false;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    return true;
  },
  delivery: async () => (await services).uploader.state,
  contents: readContents,
};

Object.assign(window, { faultPage });
