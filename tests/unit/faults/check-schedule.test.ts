// The checks after a fault schedule find what they are there to find. That the schedules provoke it is another
// matter: docs/reliability.md says how that was tried.
import { describe, expect, test } from 'vitest';
import type { MetricEvent } from '../../../src/lib/events/metric-event.ts';
import { checkSchedule } from '../../faults/check-schedule.ts';
import type { Aftermath } from '../../faults/check-schedule.ts';
import { keyOf } from '../../faults/event-key.ts';
import { createLedger } from '../../faults/ledger.ts';
import { makeSchedule } from '../../faults/make-schedule.ts';
import type { StoredServerRun } from '../../faults/stored-state.ts';
import {
  OTHER_RUN_ID,
  RUN_ID,
  finishedEvent,
  interruptedEvent,
  startedEvent,
  windowEvent,
} from '../../fixtures/events.ts';
import { plan } from '../../fixtures/run-plans.ts';

const UNHEARD_RUN_ID = '0197a000-0000-7000-8000-000000000003';

const frames = { decoded: 8, processed: 8, dropped: 0, detected: 6 };
const finished = [
  startedEvent(),
  windowEvent(0),
  windowEvent(1),
  finishedEvent({ data: { frames } }),
];
const interrupted = [
  startedEvent({ runId: OTHER_RUN_ID }),
  windowEvent(0, { runId: OTHER_RUN_ID }),
  interruptedEvent({ runId: OTHER_RUN_ID, data: { windows: 1 } }),
];

/** What two runs leave behind when nothing is wrong; `damage` may change it. */
function aftermath(damage: (parts: Parts) => void = () => undefined): Aftermath {
  const parts: Parts = {
    ledger: createLedger(),
    stored: [
      storedRun(RUN_ID, finished, 'finished'),
      storedRun(OTHER_RUN_ID, interrupted, 'interrupted'),
    ],
    eventIds: [...finished, ...interrupted].map(({ id }) => id),
    waiting: [],
    rejected: [],
    intended: [...finished, ...interrupted],
    survivors: new Map([[RUN_ID, 2]]),
    onDevice: [deviceRun(RUN_ID, finished), deviceRun(OTHER_RUN_ID, interrupted)],
  };
  damage(parts);
  for (const event of parts.intended) {
    parts.ledger.intend(event);
    parts.ledger.commit(keyOf(event));
  }
  return {
    schedule: { ...makeSchedule(1), runs: [] },
    ledger: parts.ledger,
    survivors: parts.survivors,
    device: {
      waiting: parts.waiting,
      rejected: parts.rejected.map((event) => ({ event, reason: 'HTTP 400' })),
      runs: parts.onDevice,
    },
    stored: { eventIds: parts.eventIds, runs: parts.stored, waiting: 0, deadLetters: [] },
  };
}

type Parts = {
  readonly ledger: ReturnType<typeof createLedger>;
  stored: StoredServerRun[];
  eventIds: string[];
  readonly waiting: MetricEvent[];
  readonly rejected: MetricEvent[];
  intended: MetricEvent[];
  survivors: Map<string, number>;
  onDevice: ReturnType<typeof deviceRun>[];
};

function storedRun(runId: string, events: readonly MetricEvent[], status: string): StoredServerRun {
  const jsonOf = (type: MetricEvent['type']) => {
    const found = events.find((event) => event.type === type);
    return found ? JSON.stringify(found.data) : null;
  };
  return {
    runId,
    status,
    started: jsonOf('kinemark.run.started.v1'),
    finished: jsonOf('kinemark.run.finished.v1'),
    interrupted: jsonOf('kinemark.run.interrupted.v1'),
    windows: windowsOf(events).map((data) => ({ index: data.index, json: JSON.stringify(data) })),
  };
}

function windowsOf(events: readonly MetricEvent[]) {
  return events.flatMap((event) => (event.type === 'kinemark.run.window.v1' ? [event.data] : []));
}

function deviceRun(runId: string, events: readonly MetricEvent[]) {
  const end = events.at(-1);
  const run = {
    runId,
    startedAt: '',
    plan: { ...plan, runId },
    skeleton: 'blazepose-33',
    started: null,
    summary: end?.type === 'kinemark.run.finished.v1' ? end.data : null,
    interruptedAt: end?.type === 'kinemark.run.interrupted.v1' ? end.data.noticedAt : null,
    nextSequence: events.length,
    samplesBytes: 0,
  } as const;
  return { run, windows: windowsOf(events) };
}

/** Changes what the server has of the run that finished. */
function onServer(change: Partial<StoredServerRun>): (parts: Parts) => void {
  return (parts) => {
    parts.stored = parts.stored.map((run) => (run.runId === RUN_ID ? { ...run, ...change } : run));
  };
}

test('nothing is wrong when nothing is wrong', () => {
  const verdict = checkSchedule(aftermath());
  expect(verdict).toEqual({ events: 7, lost: [], twice: [], wrong: [] });
});

describe('it finds', () => {
  test('an event that is lost', () => {
    const verdict = checkSchedule(
      aftermath((parts) => {
        onServer({ windows: storedRun(RUN_ID, finished, 'finished').windows.slice(1) })(parts);
        parts.eventIds = parts.eventIds.filter((id) => id !== windowEvent(0).id);
      }),
    );
    expect(verdict.lost).toEqual([`${RUN_ID} window 0`]);
    expect(verdict.wrong.join()).toContain('has the windows 1');
  });

  test('a run that the device never stored nor meant to', () => {
    const verdict = checkSchedule(
      aftermath((parts) => {
        parts.survivors.set(UNHEARD_RUN_ID, 2);
      }),
    );
    expect(verdict.lost).toEqual(
      ['started', 'window 0', 'window 1', 'finished'].map((what) => `${UNHEARD_RUN_ID} ${what}`),
    );
  });

  test('an end that the device never stored nor meant to', () => {
    const cutShort = [...finished.slice(0, -1), interruptedEvent({ data: { windows: 2 } })];
    const verdict = checkSchedule(
      aftermath((parts) => {
        parts.stored[0] = storedRun(RUN_ID, cutShort, 'interrupted');
        parts.onDevice[0] = deviceRun(RUN_ID, cutShort);
        parts.intended = [...cutShort, ...interrupted];
      }),
    );
    expect(verdict.lost).toEqual([`${RUN_ID} finished`]);
    expect(verdict.wrong).toEqual([`${RUN_ID} is interrupted and should be finished`]);
  });

  test('an interruption that is lost', () => {
    const verdict = checkSchedule(
      aftermath((parts) => {
        parts.stored = parts.stored.map((run) => ({ ...run, interrupted: null }));
        parts.eventIds.pop();
        parts.intended.pop();
      }),
    );
    expect(verdict.lost).toEqual([`${OTHER_RUN_ID} interrupted`]);
  });

  test('an event that counted twice', () => {
    const ids = checkSchedule(aftermath(({ eventIds }) => eventIds.push(`${RUN_ID}/99`)));
    expect(ids.twice).toHaveLength(1);
    const counted = checkSchedule(aftermath(({ ledger }) => ledger.countNew(8)));
    expect(counted.twice).toHaveLength(1);
  });

  test.each([
    ['an end that was never reached', onServer({ status: 'running' }), 'should be finished'],
    ['another content', onServer({ started: '{}' }), 'another content'],
    [
      'frames that do not add up',
      onServer({ finished: JSON.stringify({ frames: { ...frames, decoded: 9 } }) }),
      'decoded frames of 9',
    ],
    ['two ends', onServer({ interrupted: '{"windows":2}' }), 'two ends'],
    ['what waits for ever', ({ waiting }: Parts) => waiting.push(windowEvent(0)), 'still waits'],
    [
      'what was set aside without need',
      ({ rejected }: Parts) => rejected.push(windowEvent(0)),
      'set aside',
    ],
    ['what nobody wrote', ({ intended }: Parts) => intended.splice(2, 1), 'no page ever wrote it'],
    [
      'events of a run that overtake each other',
      ({ ledger }: Parts) => {
        ledger.accept([windowEvent(1)]);
        ledger.accept([windowEvent(0)]);
      },
      'out of order',
    ],
  ] as const)('%s', (_, damage, words) => {
    expect(checkSchedule(aftermath(damage)).wrong.join('\n')).toContain(words);
  });
});

test('an event that comes again later is in order', () => {
  const ledger = createLedger();
  for (const index of [0, 1, 0, 2]) ledger.accept([windowEvent(index)]);
  expect(ledger.problems).toEqual([]);
});
