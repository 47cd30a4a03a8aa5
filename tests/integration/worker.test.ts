// The worker between a real broker and a real store, and what it tells those who listen.
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createEmbeddedBroker } from '../../server/broker/embedded-broker.server.ts';
import { createSqliteStore } from '../../server/store/sqlite-store.server.ts';
import { openChangeStream } from '../../server/worker/change-stream.server.ts';
import { createRunChanges } from '../../server/worker/run-changes.server.ts';
import { startWorker } from '../../server/worker/worker.server.ts';
import { OTHER_RUN_ID, RUN_ID, runEvents, startedEvent, windowEvent } from '../fixtures/events.ts';
import { silentLogger } from './silent-logger.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

function setUp() {
  const folder = temporaryFolder();
  const broker = createEmbeddedBroker({ path: join(folder, 'b.sqlite'), logger: silentLogger });
  const store = createSqliteStore(join(folder, 's.sqlite'));
  const changes = createRunChanges();
  const changed: string[] = [];
  changes.subscribe((runId) => changed.push(runId));
  const emit = (runId: string) => changes.emit(runId);
  startWorker({ consumer: broker, writer: store, emit, logger: silentLogger });
  onTestFinished(async () => {
    await broker.close();
    await store.close();
  });
  return { broker, store, changed };
}

test('published events reach the store, and the run is reported as changed', async () => {
  const { broker, store, changed } = setUp();
  await broker.publish([...runEvents(2), startedEvent({ runId: OTHER_RUN_ID })]);
  await expect.poll(() => changed).toEqual([RUN_ID, OTHER_RUN_ID]);
  expect(await store.listRuns({ limit: 10 })).toHaveLength(2);
});

test('a repeated batch changes nothing and reports nothing', async () => {
  const { broker, store, changed } = setUp();
  await broker.publish(runEvents(2));
  await expect.poll(() => changed).toEqual([RUN_ID]);
  const before = await store.getRun(RUN_ID);

  await broker.publish(runEvents(2));
  await expect.poll(() => broker.depth()).toBe(0);
  expect(changed).toEqual([RUN_ID]);
  expect(await store.getRun(RUN_ID)).toEqual(before);
});

test('an event that the store cannot take does not keep others from it', async () => {
  const { broker, store } = setUp();
  const poison = { ...windowEvent(0), data: null } as never;
  await broker.publish([poison]);
  await broker.publish([startedEvent({ runId: OTHER_RUN_ID })]);
  await vi.waitFor(async () => expect(await store.getRun(OTHER_RUN_ID)).not.toBeNull(), {
    timeout: 4000,
  });
});

test('the change stream sends run ids and heartbeats, and ends when the server closes', async () => {
  const changes = createRunChanges();
  const closing = new AbortController();
  const response = openChangeStream({ changes, closing: closing.signal, heartbeatMs: 20 });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const reading = response.text();

  changes.emit(RUN_ID);
  await new Promise((resolve) => setTimeout(resolve, 50));
  closing.abort();
  changes.emit(OTHER_RUN_ID);

  const text = await reading;
  expect(text).toContain(`event: change\ndata: ${RUN_ID}\n\n`);
  expect(text).toContain(': still here\n\n');
  expect(text).not.toContain(OTHER_RUN_ID);
});

test('a change stream stops listening when its client goes, is stalled, or comes too late', async () => {
  const unsubscribe = vi.fn();
  const subscribe = vi.fn((_listener: (runId: string) => void) => unsubscribe);
  const changes = { emit: vi.fn(), subscribe };
  const closing = new AbortController();

  await openChangeStream({ changes, closing: closing.signal }).body?.cancel();
  expect(unsubscribe).toHaveBeenCalledTimes(1);

  openChangeStream({ changes, closing: closing.signal });
  for (let i = 0; i < 1001; i++) subscribe.mock.lastCall?.[0](RUN_ID);
  expect(unsubscribe).toHaveBeenCalledTimes(2);

  closing.abort();
  const late = openChangeStream({ changes, closing: closing.signal });
  expect(await late.text()).toBe('retry: 2000\n\n');
  expect(unsubscribe).toHaveBeenCalledTimes(3);
});
