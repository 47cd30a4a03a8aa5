// Publishes of one turn share a transaction: all of them are stored, or none is and each of them is told.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createEmbeddedBroker } from '../../server/broker/embedded-broker.server.ts';
import { createGroupCommit } from '../../server/broker/group-commit.server.ts';
import type { MetricEvent } from '../../src/lib/events/metric-event.ts';
import { OTHER_RUN_ID, RUN_ID, startedEvent, windowEvent } from '../fixtures/events.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { openBroker } from './open-broker.ts';
import { silentLogger } from './silent-logger.ts';

/** More than two deliveries take. */
const MANY_EVENTS = 700;

test('what is put in a turn is committed once, in its order; what comes later, later', async () => {
  const commits: string[][] = [];
  const group = createGroupCommit((events) => void commits.push(events.map(({ id }) => id)));
  const first = group.put([startedEvent(), windowEvent(0)]);
  const second = group.put([windowEvent(1)]);
  expect(group.waiting()).toBe(3);
  expect(commits, 'not before the turn has ended').toEqual([]);
  await Promise.all([first, second]);
  expect(group.waiting()).toBe(0);
  await group.put([windowEvent(2)]);
  expect(commits).toEqual([[`${RUN_ID}/0`, `${RUN_ID}/1`, `${RUN_ID}/2`], [`${RUN_ID}/3`]]);
});

test('a transaction that fails stores nothing of any publish in it, and each is told', async () => {
  const folder = temporaryFolder();
  const broker = openBroker(folder);
  const database = new DatabaseSync(join(folder, 'broker.sqlite'));
  const poison = windowEvent(7, { runId: OTHER_RUN_ID });
  database.exec(`CREATE TRIGGER refuse BEFORE INSERT ON messages WHEN NEW.event_id = '${poison.id}'
    BEGIN SELECT RAISE(ABORT, 'the disk is full'); END`);

  const good = [startedEvent(), windowEvent(0)];
  const together = [broker.publish(good), broker.publish([windowEvent(6), poison])];
  expect(await broker.depth()).toBe(4);
  expect(await Promise.allSettled(together)).toMatchObject([
    { status: 'rejected', reason: { message: 'the disk is full' } },
    { status: 'rejected', reason: { message: 'the disk is full' } },
  ]);
  expect(await broker.depth()).toBe(0);
  expect(database.prepare('SELECT count(*) AS n FROM messages').get()).toEqual({ n: 0 });

  database.exec('DROP TRIGGER refuse');
  database.close();
  await broker.publish(good);
  expect(await broker.depth()).toBe(2);
});

test('a publish is told only after its events can be read from the file', async () => {
  const folder = temporaryFolder();
  const broker = openBroker(folder);
  const database = new DatabaseSync(join(folder, 'broker.sqlite'), { readOnly: true });
  const select = database.prepare('SELECT event_id FROM messages ORDER BY seq');
  const seen = await Promise.all(
    [startedEvent(), windowEvent(0)].map(async (event) => {
      await broker.publish([event]);
      return select.all().map((row) => row['event_id']);
    }),
  );
  database.close();
  expect(seen[0]).toContain(`${RUN_ID}/0`);
  expect(seen[1]).toContain(`${RUN_ID}/1`);
});

test('closing commits what was gathered', async () => {
  const folder = temporaryFolder();
  const broker = createEmbeddedBroker({
    path: join(folder, 'broker.sqlite'),
    logger: silentLogger,
  });
  const publishing = broker.publish([startedEvent(), windowEvent(0)]);
  await broker.close();
  await publishing;
  expect(await openBroker(folder).depth()).toBe(2);
});

test('deliveries go on while somebody publishes without a pause', { timeout: 30_000 }, async () => {
  // A clock for the pauses, so that none comes from a busy machine: a publish takes 1 ms, and a delivery too.
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const broker = openBroker(temporaryFolder());
  const delivered: MetricEvent[] = [];
  broker.consume(async (events) => {
    vi.advanceTimersByTime(1);
    delivered.push(...events);
  });
  let published = 0;
  while (delivered.length < MANY_EVENTS) {
    await broker.publish([windowEvent(published++)]);
    vi.advanceTimersByTime(1);
  }
  await vi.waitFor(() => expect(delivered).toHaveLength(published), { timeout: 20_000 });
  expect(delivered.map(({ id }) => id)).toEqual(
    Array.from({ length: published }, (_, index) => `${RUN_ID}/${index + 1}`),
  );
});
