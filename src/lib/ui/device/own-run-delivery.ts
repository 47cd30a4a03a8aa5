// Whether the server has a run of this device, in words.
import type { StoredRun } from '../../storage/database.ts';
import { listEntryOf, statusOfStored } from '../runs/own-runs.ts';
import type { RunStatus } from '../runs/run-record.ts';
import { eventsOf } from './delivery-words.ts';

/** A line of the list of own runs. */
export type OwnRun = {
  readonly runId: string;
  readonly target: string;
  readonly sourceName: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly status: RunStatus;
  readonly verdict: ReturnType<typeof listEntryOf>['verdict'];
  /** `Sent`, or what the server has not got. */
  readonly delivery: string;
  readonly tone: 'quiet' | 'waiting' | 'doubtful';
};

/** The line of a run. `waiting` and `refused` count its events. */
export function describeOwnRun(run: StoredRun, waiting: number, refused: number): OwnRun {
  const { runId, target, sourceName, startedAt, verdict } = listEntryOf({ run, windows: [] });
  return {
    runId,
    target,
    sourceName,
    startedAt,
    status: statusOfStored(run),
    verdict,
    ...deliveryOf(waiting, refused, run.discardedEvents ?? 0),
  };
}

function deliveryOf(
  waiting: number,
  refused: number,
  discarded: number,
): Pick<OwnRun, 'delivery' | 'tone'> {
  if (refused > 0) return { delivery: `${eventsOf(refused)} refused`, tone: 'doubtful' };
  if (waiting > 0) {
    const verb = waiting === 1 ? 'waits' : 'wait';
    return { delivery: `${eventsOf(waiting)} ${verb}`, tone: 'waiting' };
  }
  if (discarded > 0) return { delivery: `${eventsOf(discarded)} discarded`, tone: 'doubtful' };
  return { delivery: 'Sent', tone: 'quiet' };
}
