// Turns what happens in a run into CloudEvents. Ids are deterministic, so that a repeat is recognised.
import type { RunStart } from '../benchmark/run-benchmark.ts';
import type { RunSummary } from '../benchmark/run-result.ts';
import type { WindowSummary } from '../benchmark/window-accumulator.ts';
import type {
  MetricEvent,
  RunFinishedEvent,
  RunInterruptedEvent,
  RunStartedEvent,
  RunWindowEvent,
} from './metric-event.ts';

/** Makes the events of one run on one device. */
export type RunEventFactory = {
  started(start: RunStart): RunStartedEvent;
  window(window: WindowSummary): RunWindowEvent;
  /** Comes after every window of the run. */
  finished(summary: RunSummary): RunFinishedEvent;
  /** In place of an end: the run's tab is gone, and the device had written so many of its windows. */
  interrupted(windows: number): RunInterruptedEvent;
};

/** The events of one run, numbered from `firstSequence` in the order in which they are made. */
export function createRunEvents(
  runId: string,
  deviceId: string,
  now: () => Date,
  firstSequence = 0,
): RunEventFactory {
  let sequence = firstSequence;
  function envelope(): Omit<MetricEvent, 'type' | 'data'> {
    return {
      specversion: '1.0',
      id: `${runId}/${sequence++}`,
      source: `/devices/${deviceId}`,
      subject: runId,
      time: now().toISOString(),
      datacontenttype: 'application/json',
    };
  }
  return {
    started({ plan, recipe, source, plannedFrames, environment, startedAt }) {
      const { target, options, scenario, windowMs } = plan;
      return {
        ...envelope(),
        type: 'kinemark.run.started.v1',
        data: mutable({
          startedAt,
          target,
          options,
          scenario,
          recipe,
          source,
          plannedFrames,
          windowMs,
          environment,
        }),
      };
    },
    window: (window) => ({ ...envelope(), type: 'kinemark.run.window.v1', data: mutable(window) }),
    finished: (summary) => ({
      ...envelope(),
      type: 'kinemark.run.finished.v1',
      data: mutable(summary),
    }),
    interrupted: (windows) => ({
      ...envelope(),
      type: 'kinemark.run.interrupted.v1',
      data: { noticedAt: now().toISOString(), windows },
    }),
  };
}

/** The schema's types are not readonly; nothing writes to an event once it is made. */
function mutable<T>(value: T): Mutable<T> {
  return value as Mutable<T>;
}
type Mutable<T> = T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;
