// The queue under a clock that moves between any two looks at it, forwards and backwards.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { MAX_ATTEMPTS } from '../../server/broker/attempts.server.ts';
import { openMessageQueue, type MessageQueue } from '../../server/broker/message-queue.server.ts';
import { OTHER_RUN_ID, startedEvent } from '../fixtures/events.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

const LEASE_MS = 100;
/** Looks at the clock that one call of the queue may take, and more. */
const MOST_LOOKS = 6;

const first = startedEvent();
const second = startedEvent({ runId: OTHER_RUN_ID });

/** Each look moves it by `stepMs`. */
type Clock = { ms: number; stepMs: number };

/** A queue of two events whose last leases end 1 ms apart; the clock stands at the end of the first. */
function setUp() {
  const path = join(temporaryFolder(), 'broker.sqlite');
  const clock: Clock = { ms: 1_000_000, stepMs: 0 };
  const queue = openMessageQueue({
    path,
    leaseMs: LEASE_MS,
    now() {
      clock.ms += clock.stepMs;
      return clock.ms;
    },
  });
  onTestFinished(() => queue.close());
  for (const event of [first, second]) {
    queue.put([event]);
    expect(queue.take(1)).toHaveLength(1);
    clock.ms += 1;
  }
  for (let attempt = 2; attempt <= MAX_ATTEMPTS; attempt += 1) {
    clock.ms += LEASE_MS - 2;
    expect(queue.take(2)).toMatchObject([{ attempt, event: first }]);
    clock.ms += 1;
    expect(queue.take(2)).toMatchObject([{ attempt, event: second }]);
    clock.ms += 1;
  }
  clock.ms += LEASE_MS - 2;
  return { path, clock, queue };
}

/** Ids of the events that wait and of those that were put aside. */
function idsIn(path: string): string[] {
  const database = new DatabaseSync(path);
  try {
    return database
      .prepare('SELECT event_id FROM messages UNION ALL SELECT event_id FROM dead_letters')
      .all()
      .map((row) => String(row['event_id']))
      .toSorted();
  } finally {
    database.close();
  }
}

const positions = Array.from({ length: 2 * MOST_LOOKS + 1 }, (_, index) => index - MOST_LOOKS);

test.each([
  ['forwards', 1],
  ['backwards', -1],
])('no event is lost or doubled when the clock moves %s between two looks', (_, stepMs) => {
  for (const position of positions) {
    const { path, clock, queue } = setUp();
    clock.ms += position;
    clock.stepMs = stepMs;
    takeNothing(queue);
    expect(idsIn(path), `from ${position} ms`).toEqual([first.id, second.id].toSorted());

    clock.ms += LEASE_MS;
    clock.stepMs = 0;
    takeNothing(queue);
    expect(queue.depth(), `from ${position} ms`).toBe(0);
    expect(queue.deadLetters.count(), `from ${position} ms`).toBe(2);
  }
});

/** What has had all its tries is put aside, and not delivered again. */
function takeNothing(queue: MessageQueue): void {
  expect(queue.take(2)).toEqual([]);
}
