// Dead letters: how events become some, while good ones go through, and what becomes of them: beside a running
// server and without one. The command's words are tested in dead-letter-command.test.ts.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { createEmbeddedBroker } from '../../server/broker/embedded-broker.server.ts';
import { MAX_ATTEMPTS } from '../../server/broker/attempts.server.ts';
import { openMessageQueue } from '../../server/broker/message-queue.server.ts';
import { bury, deadletters } from '../fixtures/bury-events.ts';
import { OTHER_RUN_ID, RUN_ID, runEvents, startedEvent, windowEvent } from '../fixtures/events.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { openBroker } from './open-broker.ts';
import { REFUSED_IDS_FILE } from './server-options.ts';
import { startServer } from './server-process.ts';
import { silentLogger } from './silent-logger.ts';

/** Five tries take 81 s by the broker's clock. */
const CLOCK_RATE = 200;
const DEATH_LIMIT_MS = 20_000;

test('one event that cannot be stored dies with its error; good ones beside and after it are stored', async () => {
  const folder = temporaryFolder();
  const server = await startServer({ folder, clockRate: CLOCK_RATE });
  const poison = windowEvent(1);
  writeFileSync(join(folder, REFUSED_IDS_FILE), poison.id);
  expect((await server.post(runEvents(3))).status).toBe(202);
  expect((await server.post(runEvents(3, { runId: OTHER_RUN_ID }))).status).toBe(202);

  const deaths = async () => (await server.health()).deadLetters;
  await expect.poll(deaths, { timeout: DEATH_LIMIT_MS }).toBe(1);
  await server.drained();
  const run = await server.run(RUN_ID);
  expect(run?.windows.map(({ index }) => index)).toEqual([0, 2]);
  expect(run).toMatchObject({ status: 'finished', started: startedEvent().data });
  const other = await server.run(OTHER_RUN_ID);
  expect(other?.windows.map(({ index }) => index)).toEqual([0, 1, 2]);

  const listed = await deadletters(folder, 'list', '--json');
  expect(listed).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(listed.stdout)).toEqual({
    count: 1,
    deadLetters: [
      {
        id: expect.stringMatching(/^\d+$/),
        eventId: poison.id,
        eventType: poison.type,
        runId: RUN_ID,
        attempts: MAX_ATTEMPTS,
        publishedAt: expect.stringMatching(/^\d{4}-.*Z$/),
        diedAt: expect.stringMatching(/^\d{4}-.*Z$/),
        error: `the store refuses ${poison.id}`,
      },
    ],
  });
});

test('a running server takes a replay up; replayed too early, the event dies again', async () => {
  const folder = temporaryFolder();
  bury(folder, [windowEvent(0)]);
  const refusedIds = join(folder, REFUSED_IDS_FILE);
  writeFileSync(refusedIds, windowEvent(0).id);
  const server = await startServer({ folder, clockRate: CLOCK_RATE });
  const deaths = async () => (await server.health()).deadLetters;
  expect(await deaths()).toBe(1);

  expect(await deadletters(folder, 'replay', '1')).toEqual({
    code: 0,
    stdout:
      'Replayed 1 event: the server tries to store them within a second, or when it is started.\n',
    stderr: '',
  });
  await expect.poll(deaths, { timeout: DEATH_LIMIT_MS }).toBe(1);
  const again = JSON.parse((await deadletters(folder, 'list', '--json')).stdout);
  expect(again.deadLetters).toMatchObject([{ eventId: windowEvent(0).id, attempts: MAX_ATTEMPTS }]);
  expect(again.deadLetters[0].id).not.toBe('1');

  rmSync(refusedIds);
  expect((await deadletters(folder, 'replay', '--all')).code).toBe(0);
  await server.drained();
  expect((await server.run(RUN_ID))?.windows).toHaveLength(1);
  expect(await server.health()).toMatchObject({ queueDepth: 0, deadLetters: 0 });
});

test('a consumer notices a replay by another process at its next poll', async () => {
  const folder = temporaryFolder();
  bury(folder, [windowEvent(0), windowEvent(1)]);
  const path = join(folder, 'broker.sqlite');
  const consuming = createEmbeddedBroker({ path, logger: silentLogger, pollMs: 20 });
  onTestFinished(() => consuming.close());
  const delivered: string[] = [];
  consuming.consume(async (events) => {
    delivered.push(...events.map(({ id }) => id));
  });

  await openBroker(folder).deadLetters().replay('all');
  await expect.poll(() => delivered).toEqual([windowEvent(0).id, windowEvent(1).id]);
});

test('a replayed event is the one that was published, with all its attempts before it', async () => {
  const folder = temporaryFolder();
  bury(folder, [windowEvent(0)]);
  const broker = openBroker(folder);
  const [letter] = await broker.deadLetters().list({ limit: 1 });
  expect(await broker.deadLetters().get(letter!.id)).toEqual({ ...letter, event: windowEvent(0) });
  await broker.deadLetters().replay([letter!.id]);

  const queue = openMessageQueue({
    path: join(folder, 'broker.sqlite'),
    leaseMs: 1,
    now: Date.now,
  });
  onTestFinished(() => queue.close());
  expect(queue.take(1)).toMatchObject([{ attempt: 1, event: windowEvent(0) }]);
});

test('events replayed together are delivered oldest first, in whatever order they were named', async () => {
  const folder = temporaryFolder();
  bury(folder, [windowEvent(0), windowEvent(1), windowEvent(2)]);
  const broker = openBroker(folder);
  await broker.deadLetters().replay(['3', '1', '2', '1']);
  const delivered: string[] = [];
  broker.consume(async (events) => {
    delivered.push(...events.map(({ id }) => id));
  });
  await expect
    .poll(() => delivered)
    .toEqual([windowEvent(0).id, windowEvent(1).id, windowEvent(2).id]);
});

test.each(['replay', 'drop'] as const)(
  'with one unknown id %s does nothing at all',
  async (verb) => {
    const folder = temporaryFolder();
    bury(folder, [windowEvent(0), windowEvent(1)]);
    for (const unknown of ['77', 'x', '1.0', '-1', '', '9'.repeat(30)]) {
      const letters = openBroker(folder).deadLetters();
      expect(await letters[verb](['1', unknown])).toEqual({ changed: 0, unknownIds: [unknown] });
    }
    const broker = openBroker(folder);
    expect(await broker.deadLetters().count()).toBe(2);
    expect(await broker.depth()).toBe(0);
  },
);

test('a replay that fails half way has done nothing', async () => {
  const folder = temporaryFolder();
  bury(folder, [windowEvent(0), windowEvent(1)]);
  const database = new DatabaseSync(join(folder, 'broker.sqlite'));
  database.exec(`CREATE TRIGGER full_disk BEFORE INSERT ON messages WHEN new.event_id LIKE '%/2'
    BEGIN SELECT raise(ABORT, 'database or disk is full'); END`);
  database.close();
  const broker = openBroker(folder);
  await expect(broker.deadLetters().replay('all')).rejects.toThrow('disk is full');
  expect(await broker.deadLetters().count()).toBe(2);
  expect(await broker.depth()).toBe(0);
  expect(await deadletters(folder, 'replay', '--all')).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(
      /^kinemark: cannot use the queue in .+ \(database or disk is full\), so nothing was done; .+\n$/,
    ),
  });
});
