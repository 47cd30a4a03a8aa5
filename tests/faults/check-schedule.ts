// What must hold after recovery: everything that the device had committed is in the store once, nothing else
// is, and every run's windows add up.
import { isDeepStrictEqual } from 'node:util';
import type { MetricEvent, RunWindow } from '../../src/lib/events/metric-event.ts';
import { checkDevice } from './check-device.ts';
import type { Ledger } from './ledger.ts';
import type { DeviceContents } from './page-api.ts';
import type { Schedule } from './schedule.ts';
import type { StoredServerRun, StoredState } from './stored-state.ts';

/** What a schedule left behind. */
export type Aftermath = {
  readonly schedule: Schedule;
  readonly ledger: Ledger;
  /** Runs that were ended in a tab that was there to the end, and how many windows each was told to record. */
  readonly survivors: ReadonlyMap<string, number>;
  readonly device: DeviceContents;
  readonly stored: StoredState;
};

/** How many events there were, and what is wrong: nothing, in a system that keeps its promise. */
export type Verdict = {
  readonly events: number;
  readonly lost: readonly string[];
  readonly twice: readonly string[];
  /** Whatever else is not as it must be. */
  readonly wrong: readonly string[];
};

/** Compares the ledger with what the device and the server hold. */
export function checkSchedule(aftermath: Aftermath): Verdict {
  const { ledger, stored } = aftermath;
  const poisoned = poisonedKeys(aftermath.schedule);
  const pieces = new Map(stored.runs.flatMap(piecesOf));

  const promised = promisedKeys(aftermath);
  const lost = [...promised].filter((key) => !pieces.has(key) && !poisoned.has(key));

  return {
    events: pieces.size,
    lost: [...lost, ...lostInterruptions(aftermath)],
    twice: findTwice(aftermath, pieces.size),
    wrong: [
      ...ledger.problems,
      ...findAltered(ledger.intended, pieces),
      ...stored.runs.flatMap((run) => checkRun(run, aftermath)),
      ...(stored.waiting === 0 ? [] : [`${stored.waiting} events wait in the server's queue`]),
      ...stored.deadLetters.map((letter) => `dead letter ${letter}`),
      ...checkDevice(aftermath, promised, poisoned),
    ],
  };
}

/**
 * What a page had committed, and all of a run whose tab lived: that is counted by what the harness asked for,
 * as code that loses a run may also not tell of it.
 */
function promisedKeys({ ledger, survivors }: Aftermath): ReadonlySet<string> {
  const whole = [...survivors].flatMap(([runId, windows]) => [
    `${runId} started`,
    ...Array.from({ length: windows }, (_, index) => `${runId} window ${index}`),
    `${runId} finished`,
  ]);
  return new Set([...ledger.committed, ...whole]);
}

/** Keys of events that the server's schema refuses. */
function poisonedKeys({ runs }: Schedule): ReadonlySet<string> {
  return new Set(
    runs.flatMap(({ runId, poisonedWindow }) =>
      poisonedWindow === null ? [] : [`${runId} window ${poisonedWindow}`],
    ),
  );
}

/** What the store has of a run, by the keys of the events that told it. */
function piecesOf(run: StoredServerRun): [key: string, json: string][] {
  const whole = (['started', 'finished', 'interrupted'] as const).flatMap((what) => {
    const json = run[what];
    return json === null ? [] : [[`${run.runId} ${what}`, json] as [string, string]];
  });
  const windows = run.windows.map(
    ({ index, json }) => [`${run.runId} window ${index}`, json] as [string, string],
  );
  return [...whole, ...windows];
}

/** An interruption is told by whoever finds the run: committed, it must be there like any other event. */
function lostInterruptions({ device, stored }: Aftermath): string[] {
  const told = new Set(stored.runs.filter((run) => run.interrupted !== null).map((r) => r.runId));
  return device.runs
    .filter(({ run }) => run.interruptedAt !== null && !told.has(run.runId))
    .map(({ run }) => `${run.runId} interrupted`);
}

/** One event is one id and one piece; what the store counted as new, it counted once. */
function findTwice({ ledger, stored }: Aftermath, pieces: number): string[] {
  const ids = stored.eventIds.length;
  return [
    ...(ids === pieces ? [] : [`the store has seen ${ids} ids and holds ${pieces} pieces of runs`]),
    // A killed server may not have come to telling it, so there can be fewer.
    ...(ledger.newEvents <= ids
      ? []
      : [`the store took ${ledger.newEvents} events for new and has ${ids} ids`]),
  ];
}

function findAltered(
  intended: ReadonlyMap<string, MetricEvent>,
  pieces: ReadonlyMap<string, string>,
): string[] {
  return [...pieces].flatMap(([key, json]) => {
    if (key.endsWith(' interrupted')) return [];
    const event = intended.get(key);
    if (event === undefined) return [`${key} is in the store, and no page ever wrote it`];
    return isDeepStrictEqual(JSON.parse(json), event.data) ? [] : [`${key} has another content`];
  });
}

/** A run that is whole, and has ended in one way. */
function checkRun(
  run: StoredServerRun,
  { schedule, ledger, survivors, device }: Aftermath,
): string[] {
  const { runId, status } = run;
  const planned = schedule.runs.find((one) => one.runId === runId);
  const poisoned = planned?.poisonedWindow ?? null;
  const kept = run.windows.map(({ index }) => index);
  const own = device.runs.find((one) => one.run.runId === runId)?.windows ?? [];
  const refused = own.find(({ index }) => index === poisoned);
  const indexes = (refused ? [...kept, refused.index] : kept).sort((a, b) => a - b);
  const isPromised = survivors.has(runId) || ledger.committed.has(`${runId} finished`);
  const hasFinish = isPromised || run.finished !== null;
  const problems: string[] = [];

  if (run.started === null) problems.push(`${runId} has no beginning`);
  if (run.finished !== null && run.interrupted !== null) problems.push(`${runId} has two ends`);
  const expected = hasFinish ? 'finished' : 'interrupted';
  if (status !== expected) problems.push(`${runId} is ${status} and should be ${expected}`);
  if (indexes.some((index, position) => index !== position)) {
    problems.push(`${runId} has the windows ${indexes.join(', ')}`);
  }
  if (run.finished !== null) {
    problems.push(...checkSums(run, refused));
  }
  if (run.interrupted !== null) {
    const { windows } = JSON.parse(run.interrupted) as { windows: number };
    // The device counts what it wrote, and so the one that the server refused.
    if (windows !== indexes.length) {
      problems.push(`${runId} was interrupted after ${windows} windows and has ${indexes.length}`);
    }
  }
  return problems;
}

/** The windows' frames are the run's; `refused` is a window that the server has not taken. */
function checkSums(run: StoredServerRun, refused: RunWindow | undefined): string[] {
  type Counted = { readonly frames: Readonly<Record<string, number>> };
  const whole = JSON.parse(run.finished!) as Counted;
  const parts = run.windows.map(({ json }) => JSON.parse(json) as Counted);
  if (refused) parts.push(refused);
  return Object.entries(whole.frames).flatMap(([name, total]) => {
    const sum = parts.reduce((so, { frames }) => so + frames[name]!, 0);
    return sum === total ? [] : [`${run.runId}: windows have ${sum} ${name} frames of ${total}`];
  });
}
