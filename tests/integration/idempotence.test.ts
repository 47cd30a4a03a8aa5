// `POST /metrics` is idempotent by event id, from HTTP to the store: however often and in whatever way an
// event comes, it is there once, as it came first.
import { writeFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openQueue } from '../../server/dead-letters/open-queue.server.ts';
import type { MetricEvent } from '../../src/lib/events/metric-event.ts';
import { RUN_ID, finishedEvent, runEvents, startedEvent, windowEvent } from '../fixtures/events.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { REFUSED_IDS_FILE } from './server-options.ts';
import { startServer, type ServerProcess } from './server-process.ts';

const WINDOWS = 5;
const AT_ONCE = 20;

async function postAll(server: ServerProcess, batches: readonly (readonly MetricEvent[])[]) {
  const answers = await Promise.all(batches.map((events) => server.post(events)));
  expect(answers.map(({ status }) => status)).toEqual(batches.map(() => 202));
}

/** The whole run of `runEvents(WINDOWS)` is stored, once, with the content that came first. */
async function expectTheRunOnce(server: ServerProcess) {
  await server.drained();
  const run = await server.run(RUN_ID);
  expect(run?.windows).toEqual(
    Array.from({ length: WINDOWS }, (_, index) => windowEvent(index).data),
  );
  expect(run?.started).toEqual(startedEvent().data);
  expect(run?.finished).toEqual(finishedEvent().data);
  expect(await server.health()).toMatchObject({ queueDepth: 0, deadLetters: 0 });
}

test('the same event twice in one batch counts once', async () => {
  const server = await startServer({ folder: temporaryFolder() });
  const events = runEvents(WINDOWS);
  await postAll(server, [[...events, ...events]]);
  await expectTheRunOnce(server);
});

test('a batch that comes again, whole or in parts, changes nothing', async () => {
  const server = await startServer({ folder: temporaryFolder() });
  const events = runEvents(WINDOWS);
  await postAll(server, [events]);
  await server.drained();
  await postAll(server, [events]);
  await postAll(server, [events.slice(2, 4)]);
  await postAll(server, [events.toReversed()]);
  await expectTheRunOnce(server);
  expect(server.log()).toBe('');
});

test('batches that come at the same time count once', async () => {
  const server = await startServer({ folder: temporaryFolder() });
  await postAll(
    server,
    Array.from({ length: AT_ONCE }, () => runEvents(WINDOWS)),
  );
  await expectTheRunOnce(server);
});

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'a batch that comes again after %s and a restart changes nothing',
  async (signal) => {
    const options = { folder: temporaryFolder(), leaseMs: 200 };
    const first = await startServer(options);
    await postAll(first, [runEvents(WINDOWS)]);
    await first.end(signal);

    const second = await startServer(options);
    await postAll(second, [runEvents(WINDOWS)]);
    await expectTheRunOnce(second);
  },
);

test('an event that was a dead letter, was sent again meanwhile and is then replayed counts once', async () => {
  const folder = temporaryFolder();
  const server = await startServer({ folder, clockRate: 200 });
  const refusedIds = join(folder, REFUSED_IDS_FILE);
  writeFileSync(refusedIds, windowEvent(2).id);
  await postAll(server, [runEvents(WINDOWS)]);
  await expect.poll(async () => (await server.health()).deadLetters, { timeout: 20_000 }).toBe(1);
  await server.drained();
  expect((await server.run(RUN_ID))?.windows.map(({ index }) => index)).toEqual([0, 1, 3, 4]);

  rmSync(refusedIds);
  await postAll(server, [[windowEvent(2)]]);
  await server.drained();
  const queue = openQueue(folder);
  expect(await queue.deadLetters.replay('all')).toEqual({ changed: 1, unknownIds: [] });
  await queue.close();
  await expectTheRunOnce(server);
});

test('the same id with other content: the first stays, and the log names the id', async () => {
  const server = await startServer({ folder: temporaryFolder() });
  await postAll(server, [runEvents(WINDOWS)]);
  await server.drained();
  expect(server.log()).toBe('');

  const changed = [
    startedEvent({ data: { plannedFrames: 7 } }),
    windowEvent(3, { data: { queueDepth: 9 } }),
    finishedEvent({ data: { outcome: 'failed' } }),
    // Another event by its type, under a window's id.
    { ...startedEvent({ data: { plannedFrames: 8 } }), id: windowEvent(0).id },
  ];
  for (const event of changed) {
    await postAll(server, [[event]]);
    await server.drained();
    await expect.poll(() => server.log()).toContain(event.id);
  }
  await expectTheRunOnce(server);
  const lines = server.log().trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
    changed.map(({ id }): unknown => expect.objectContaining({ level: 40, eventIds: [id] })),
  );
});

test('the same id with other content in one batch: the first stays', async () => {
  const server = await startServer({ folder: temporaryFolder() });
  const second = windowEvent(0, { data: { queueDepth: 9 } });
  await postAll(server, [[...runEvents(WINDOWS), second]]);
  await expectTheRunOnce(server);
  expect(server.log()).toContain(second.id);
});
