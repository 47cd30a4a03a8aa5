// From a seed to a schedule: which runs are made, in which tabs, and what goes wrong when.
import { createSeededRandom } from '../../src/lib/metrics/seeded-random.ts';
import { createDraw } from './draw.ts';
import type { Draw } from './draw.ts';
import { makeRequestFaults } from './make-request-faults.ts';
import type { PlannedRun, Schedule, Step } from './schedule.ts';

/** Kept low, so that many schedules fit into a minute: what matters is the order, not the amount. */
const MOST_RUNS = 4;
const MOST_WINDOWS = 7;
/** Runs whose events fill several batches: windows of the most frames that an event may tell. */
const LARGE_SHARE = 0.06;
const LARGE_WINDOWS = { low: 25, high: 50 };
const LARGE_FRAMES = 1440;
const USUAL_FRAMES = 60;
const POISONED_SHARE = 0.06;

const TWO_TABS_SHARE = 0.6;
/** How likely something goes wrong between two things that the tabs do. */
const FAULT_SHARE = 0.6;
/** How likely a tab dies that has recorded all windows of its run, instead of ending the run. */
const DEATH_BEFORE_END_SHARE = 0.25;
const KEEPS_TABS_SHARE = 0.5;

const HOUR_MS = 3_600_000;
const CLOCK_JUMPS_MS = [-30 * 24 * HOUR_MS, -HOUR_MS, -5000, 5000, HOUR_MS, 365 * 24 * HOUR_MS];
/** Some windows take as much. */
const MOST_ROOM_BYTES = 60_000;
/** Without this much a first visit cannot even make its database, and there is no run to lose. */
const FIRST_ROOM_BYTES = 20_000;
const CRAMPED_SHARE = 0.4;
/** Few enough that they end in no dead letter. */
const MOST_FAILED_WRITES = 3;
/** Of stores that break: for good, and with time that passes, so that dead letters come of it. */
const FOR_GOOD_SHARE = 0.35;
/** A server looks at its queue this often, and a bit. */
const DELIVERY_PAUSE_MS = 30;
/** As many tries as an event has before it is a dead letter. */
const MOST_TRIES = 5;
/** Servers whose queue is full soon, as nothing leaves it. Few, as they ask devices to wait for seconds. */
const SMALL_QUEUE_SHARE = 0.03;
const SMALL_QUEUE_EVENTS = { low: 1, high: 4 };
const LONGEST_PAUSE_MS = 40;

/** A tab as the schedule knows it: what it runs, and how many windows of that it has recorded. */
type PlannedTab = { isOpen: boolean; isOnline: boolean; run: number | null; recorded: number };

/** Where a schedule stands while it is made. */
type Situation = {
  readonly draw: Draw;
  readonly runs: readonly PlannedRun[];
  readonly tabs: readonly PlannedTab[];
  readonly steps: Step[];
  runsStarted: number;
  isServerUp: boolean;
  isStoreBroken: boolean;
  isSignedIn: boolean;
  hasBeenOpen: boolean;
};

/** The schedule of `seed`, a whole number; the same one every time. */
export function makeSchedule(seed: number): Schedule {
  const draw = createDraw(createSeededRandom(seed));
  const runs = Array.from({ length: draw.between(1, MOST_RUNS) }, () => makeRun(draw));
  const tabs = Array.from({ length: draw.chance(TWO_TABS_SHARE) ? 2 : 1 }, () => ({
    isOpen: false,
    isOnline: true,
    run: null,
    recorded: 0,
  }));
  const situation: Situation = {
    draw,
    runs,
    tabs,
    steps: [],
    runsStarted: 0,
    isServerUp: true,
    isStoreBroken: false,
    isSignedIn: true,
    hasBeenOpen: false,
  };
  const maxQueueDepthEvents = draw.chance(SMALL_QUEUE_SHARE)
    ? draw.between(SMALL_QUEUE_EVENTS.low, SMALL_QUEUE_EVENTS.high)
    : null;
  if (maxQueueDepthEvents !== null) situation.steps.push({ do: 'break-store', writes: null });
  while (situation.runsStarted < runs.length || tabs.some(({ run }) => run !== null)) {
    useTab(situation);
    if (draw.chance(FAULT_SHARE)) goWrong(situation);
    if (situation.isStoreBroken) passTime(situation);
  }
  if (situation.isStoreBroken) {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) passTime(situation);
  }
  return {
    seed,
    runs,
    steps: situation.steps,
    requestFaults: makeRequestFaults(draw),
    maxQueueDepthEvents,
    keepsTabs: draw.chance(KEEPS_TABS_SHARE),
  };
}

/** A run with figures of its own. */
export function makeRun(draw: Draw): PlannedRun {
  const isLarge = draw.chance(LARGE_SHARE);
  const windows = isLarge
    ? draw.between(LARGE_WINDOWS.low, LARGE_WINDOWS.high)
    : draw.between(0, MOST_WINDOWS);
  return {
    runId: makeUuid(draw),
    seed: draw.between(0, 2 ** 31),
    windows,
    framesPerWindow: isLarge ? LARGE_FRAMES : USUAL_FRAMES,
    poisonedWindow:
      windows > 0 && draw.chance(POISONED_SHARE) ? draw.between(0, windows - 1) : null,
  };
}

/** Of version 4, as the application's own. */
function makeUuid(draw: Draw): string {
  const digits = (length: number) =>
    Array.from({ length }, () => draw.between(0, 15).toString(16)).join('');
  const variant = draw.pick(['8', '9', 'a', 'b']);
  return `${digits(8)}-${digits(4)}-4${digits(3)}-${variant}${digits(3)}-${digits(12)}`;
}

/** The next thing that some tab would do if all went well. */
function useTab(situation: Situation): void {
  const { draw, tabs, runs, steps } = situation;
  const tab = draw.between(0, tabs.length - 1);
  const state = tabs[tab]!;
  if (!state.isOpen) {
    state.isOpen = true;
    state.isOnline = true;
    steps.push({ do: 'open', tab, roomBytes: drawRoom(situation) });
    situation.hasBeenOpen = true;
  } else if (state.run === null) {
    if (situation.runsStarted === runs.length) return;
    const run = situation.runsStarted;
    situation.runsStarted += 1;
    Object.assign(state, { run, recorded: 0 });
    steps.push({ do: 'start', tab, run });
  } else {
    continueRun(situation, tab, state.run);
  }
}

function continueRun(situation: Situation, tab: number, run: number): void {
  const { draw, tabs, runs, steps } = situation;
  const state = tabs[tab]!;
  const left = runs[run]!.windows - state.recorded;
  if (left > 0) {
    const isLarge = runs[run]!.framesPerWindow === LARGE_FRAMES;
    const windows = Math.min(left, isLarge ? draw.between(10, 30) : draw.between(1, 3));
    state.recorded += windows;
    steps.push({ do: 'record', tab, run, windows });
  } else if (draw.chance(DEATH_BEFORE_END_SHARE)) {
    endTab(situation, tab);
  } else {
    state.run = null;
    steps.push({ do: 'finish', tab, run });
  }
}

function endTab({ draw, tabs, steps }: Situation, tab: number): void {
  const how = draw.pick(['close', 'reload', 'crash'] as const);
  const isOpen = how === 'reload';
  Object.assign(tabs[tab]!, { isOpen, run: null, recorded: 0 });
  steps.push({ do: 'end-tab', tab, how });
}

/** One fault, or the end of one that lasts; a fault that does not fit the situation is left out. */
function goWrong(situation: Situation): void {
  const { draw, tabs, steps } = situation;
  const tab = draw.between(0, tabs.length - 1);
  const state = tabs[tab]!;
  const kind = draw.weighted([
    [5, 'pause'],
    [3, 'end-tab'],
    [2, 'hide'],
    [2, 'network'],
    [2, 'sign-in'],
    [3, 'server'],
    [2, 'page-clock'],
    [2, 'server-clock'],
    [2, 'room'],
    [2, 'store'],
  ] as const);
  switch (kind) {
    case 'pause':
      steps.push({ do: 'pause', durationMs: draw.between(1, LONGEST_PAUSE_MS) });
      break;
    case 'end-tab':
      if (state.isOpen) endTab(situation, tab);
      break;
    case 'hide':
      if (state.isOpen) steps.push({ do: 'hide', tab });
      break;
    case 'network':
      if (!state.isOpen) break;
      state.isOnline = !state.isOnline;
      steps.push({ do: 'network', tab, isOnline: state.isOnline });
      break;
    case 'sign-in':
      situation.isSignedIn = !situation.isSignedIn;
      steps.push({ do: 'sign-in', isSignedIn: situation.isSignedIn });
      break;
    case 'server':
      situation.isServerUp = !situation.isServerUp;
      steps.push({ do: situation.isServerUp ? 'start-server' : 'kill-server' });
      break;
    case 'page-clock':
      if (state.isOpen) {
        steps.push({ do: 'set-page-clock', tab, offsetMs: draw.pick(CLOCK_JUMPS_MS) });
      }
      break;
    case 'server-clock':
      steps.push({ do: 'set-server-clock', offsetMs: draw.pick(CLOCK_JUMPS_MS) });
      break;
    case 'room':
      if (state.isOpen) steps.push({ do: 'make-room', tab });
      break;
    case 'store':
      if (draw.chance(FOR_GOOD_SHARE)) breakForGood(situation);
      else steps.push({ do: 'break-store', writes: draw.between(1, MOST_FAILED_WRITES) });
      break;
  }
}

function breakForGood(situation: Situation): void {
  situation.isStoreBroken = true;
  situation.steps.push({ do: 'break-store', writes: null });
}

/** One more of the tries of what waits in the server's queue. */
function passTime({ steps }: Situation): void {
  steps.push({ do: 'pass-server-time' }, { do: 'pause', durationMs: DELIVERY_PAUSE_MS });
}

function drawRoom({ draw, hasBeenOpen }: Situation): number | null {
  if (!draw.chance(CRAMPED_SHARE)) return null;
  return draw.between(hasBeenOpen ? 0 : FIRST_ROOM_BYTES, MOST_ROOM_BYTES);
}
