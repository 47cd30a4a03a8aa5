// How events change the documents of their run: the rules, which are those of sqlite-store.server.ts. Pure: what is
// stored is handed in, what has to be written comes out.
import type {
  MetricEvent,
  RunFinishedEvent,
  RunInterruptedEvent,
  RunStartedEvent,
  RunWindowEvent,
} from '../../../src/lib/events/metric-event.ts';
import { deviceIdOf, toUtc } from './device-document.server.ts';
import { emptyRun, type RunDocument, type WindowDocument } from './run-document.server.ts';
import { readSequenceSet } from './sequence-set.server.ts';

/** What became of an event: `known` was written before; `conflicting` says otherwise than what is stored. */
export type Written = 'new' | 'known' | 'conflicting';

/** What is stored of a run. */
export type StoredRun = {
  /** Null when nothing is. */
  readonly run: RunDocument | null;
  /** The data of windows, as JSON, by index: at least those that `windowsToCompare` names and that exist. */
  readonly windows: ReadonlyMap<number, string>;
};

/** What is to be written of a run. */
export type AppliedEvents = {
  readonly run: RunDocument;
  /** New ones, by index. */
  readonly newWindows: ReadonlyMap<number, WindowDocument>;
  /** False when all events were known by their ids: nothing is to be written then. */
  readonly isChanged: boolean;
  /** One for each event. */
  readonly outcomes: readonly Written[];
};

type Draft = { -readonly [Key in keyof RunDocument]: RunDocument[Key] };

/** The number in an event's id, as it is written there. */
export function sequenceOf({ id, subject }: MetricEvent): string {
  return id.slice(subject.length + 1);
}

/** Indexes of stored windows that repeated events must be compared with. */
export function windowsToCompare(
  run: RunDocument | null,
  events: readonly MetricEvent[],
): readonly number[] {
  if (run === null) return [];
  const seen = readSequenceSet(run.seen);
  const stored = readSequenceSet(run.windowIndexes);
  const indexes = events
    .filter((event) => !seen.add(sequenceOf(event)))
    .filter((event) => event.type === 'kinemark.run.window.v1')
    .map((event) => event.data.index)
    .filter((index) => stored.has(String(index)));
  return [...new Set(indexes)];
}

/** Applies `events`, at least one and all of the same run, in their order. */
export function applyEvents(
  stored: StoredRun,
  events: readonly [MetricEvent, ...MetricEvent[]],
): AppliedEvents {
  // All that was read goes back: a later version may have added something.
  const run: Draft = { ...(stored.run ?? emptyRun(deviceIdOf(events[0]))) };
  const seen = readSequenceSet(run.seen);
  const windowIndexes = readSequenceSet(run.windowIndexes);
  const newWindows = new Map<number, WindowDocument>();

  /** What is stored in the place of an event's data, if anything is. */
  function storedData(event: MetricEvent): string | null | undefined {
    switch (event.type) {
      case 'kinemark.run.started.v1':
        return run.started;
      case 'kinemark.run.window.v1':
        return newWindows.get(event.data.index)?.data ?? stored.windows.get(event.data.index);
      case 'kinemark.run.interrupted.v1':
        return run.interrupted;
      case 'kinemark.run.finished.v1':
        return run.finished;
      default:
        throw new Error(`No rule to compare ${JSON.stringify(event satisfies never)}`);
    }
  }

  /** The first window with an index stays: a second one is a fault of its sender's. */
  function addWindow({ id, data }: RunWindowEvent): boolean {
    if (!windowIndexes.add(String(data.index))) return false;
    newWindows.set(data.index, { eventId: id, data: JSON.stringify(data) });
    const sum = run.windowFrames;
    run.windowFrames = {
      decoded: data.frames.decoded + (sum?.decoded ?? 0),
      processed: data.frames.processed + (sum?.processed ?? 0),
      dropped: data.frames.dropped + (sum?.dropped ?? 0),
      detected: data.frames.detected + (sum?.detected ?? 0),
    };
    run.windowCount += 1;
    return true;
  }

  function apply(event: MetricEvent): Written {
    if (!seen.add(sequenceOf(event))) {
      return storedData(event) === JSON.stringify(event.data) ? 'known' : 'conflicting';
    }
    switch (event.type) {
      case 'kinemark.run.started.v1':
        applyStarted(run, event);
        break;
      case 'kinemark.run.window.v1':
        if (!addWindow(event)) return 'conflicting';
        break;
      case 'kinemark.run.interrupted.v1':
        applyInterrupted(run, event);
        break;
      case 'kinemark.run.finished.v1':
        applyFinished(run, event);
        break;
      default:
        throw new Error(`No rule to store ${JSON.stringify(event satisfies never)}`);
    }
    return 'new';
  }

  const outcomes = events.map(apply);
  run.seen = seen.toText();
  run.windowIndexes = windowIndexes.toText();
  return { run, newWindows, isChanged: run.seen !== stored.run?.seen, outcomes };
}

/** The finished event says the same and more: where it came first, it stays. */
function applyStarted(run: Draft, { data }: RunStartedEvent): void {
  run.target ??= data.target;
  run.scenario ??= data.scenario;
  run.sourceName ??= data.source.name.toWellFormed();
  run.startedAt ??= toUtc(data.startedAt);
  run.plannedFrames = data.plannedFrames;
  run.started = JSON.stringify(data);
}

function applyFinished(run: Draft, { data }: RunFinishedEvent): void {
  run.target = data.target;
  run.scenario = data.scenario;
  // A file's name may hold half a character, which Firestore refuses.
  run.sourceName = data.source.name.toWellFormed();
  run.startedAt = toUtc(data.startedAt);
  run.status = data.outcome;
  run.effectiveFps = data.effectiveFps;
  run.latencyP50Ms = data.latencyMs.endToEnd?.p50 ?? null;
  run.latencyP90Ms = data.latencyMs.endToEnd?.p90 ?? null;
  run.detectionRate = data.quality.detectionRate;
  run.finished = JSON.stringify(data);
}

/** Windows and a start may still come; an end that is known stays. */
function applyInterrupted(run: Draft, { data }: RunInterruptedEvent): void {
  if (run.status === 'running') run.status = 'interrupted';
  run.interrupted = JSON.stringify(data);
}
