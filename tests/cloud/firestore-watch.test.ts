// What a dashboard hears of runs that a worker changes, and how it goes on when Firestore will not listen.
import { Firestore } from '@google-cloud/firestore';
import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { GoogleConfig } from '../../server/google-config.server.ts';
import { createFirestoreReader } from '../../server/store/firestore/reader.server.ts';
import { createRunWatch } from '../../server/store/firestore/run-watch.server.ts';
import { createFirestoreWriter } from '../../server/store/firestore/writer.server.ts';
import { OTHER_RUN_ID, RUN_ID, startedEvent, windowEvent } from '../fixtures/events.ts';
import { silentLogger } from '../integration/silent-logger.ts';
import { loadRules, userToken } from './firestore-rules.ts';
import { freshGoogleConfig, hasEmulators } from './use-emulators.ts';

const LAST_RUN_ID = '0197a000-0000-7000-8000-000000000003';
const WAIT = { timeout: 30_000, interval: 50 };
const NOBODY = 'service cloud.firestore { match /{any=**} { allow read, write: if false; } }';

function openWriter(google: GoogleConfig) {
  const writer = createFirestoreWriter({ google });
  onTestFinished(() => writer.close());
  return writer;
}

/** Writes windows of `runId` until `heard` has it: when a watch begins to listen cannot be seen from outside. */
async function writeUntilHeard(
  writer: ReturnType<typeof openWriter>,
  heard: readonly string[],
  runId: string,
): Promise<void> {
  let index = 0;
  await vi.waitFor(async () => {
    await writer.write([windowEvent(index++, { runId })]);
    expect(heard).toContain(runId);
  }, WAIT);
}

test.skipIf(!hasEmulators)('a dashboard hears of runs that change, and not of others', async () => {
  const google = freshGoogleConfig();
  const writer = openWriter(google);
  await writer.write([startedEvent()]);
  const reader = createFirestoreReader({ google, logger: silentLogger });
  onTestFinished(() => reader.close());
  const heard: string[] = [];
  const stop = reader.watch.start((runId) => heard.push(runId));

  await writeUntilHeard(writer, heard, OTHER_RUN_ID);
  expect(heard, 'what had changed before is no news').not.toContain(RUN_ID);
  await writer.write([startedEvent()]);
  await writer.write([windowEvent(0)]);
  await vi.waitFor(() => expect(heard).toContain(RUN_ID), WAIT);
  expect(
    heard.filter((runId) => runId === RUN_ID),
    'a repeat is no news',
  ).toHaveLength(1);

  stop();
  await writer.write([startedEvent({ runId: LAST_RUN_ID })]);
  const others: string[] = [];
  reader.watch.start((runId) => others.push(runId));
  await writeUntilHeard(writer, others, OTHER_RUN_ID);
  expect(heard).not.toContain(LAST_RUN_ID);
});

test.skipIf(!hasEmulators)('a watch bears more runs than it holds', async () => {
  const google = freshGoogleConfig();
  const writer = openWriter(google);
  const firestore = new Firestore({ projectId: google.project });
  const watch = createRunWatch({ firestore, logger: silentLogger, watchedRuns: 2 });
  onTestFinished(async () => {
    watch.stop();
    await firestore.terminate();
  });
  const heard: string[] = [];
  watch.start((runId) => heard.push(runId));
  await writeUntilHeard(writer, heard, RUN_ID);
  for (const runId of [OTHER_RUN_ID, LAST_RUN_ID, '0197a000-0000-7000-8000-000000000004']) {
    await writer.write([startedEvent({ runId })]);
    await vi.waitFor(() => expect(heard.at(-1)).toBe(runId), WAIT);
  }
  await writer.write([windowEvent(1000)]);
  await vi.waitFor(() => expect(heard.at(-1)).toBe(RUN_ID), WAIT);
});

test.skipIf(!hasEmulators)(
  'a watch that is refused tries again, says so once, and misses nothing',
  async () => {
    const google = freshGoogleConfig();
    const writer = openWriter(google);
    await loadRules(google.project);
    // As a viewer, whom the rules hold for: the emulator lets a service do everything.
    const firestore = new Firestore({
      projectId: google.project,
      customHeaders: { Authorization: `Bearer ${userToken(google.project, { viewer: true })}` },
    });
    const logged: string[] = [];
    const logger = pino({ level: 'warn' }, { write: (line) => logged.push(line) });
    const watch = createRunWatch({ firestore, logger, firstBackOffMs: 20 });
    onTestFinished(async () => {
      watch.stop();
      await firestore.terminate();
    });
    const heard: string[] = [];
    watch.start((runId) => heard.push(runId));
    await writeUntilHeard(writer, heard, RUN_ID);
    expect(logged).toEqual([]);

    await loadRules(google.project, NOBODY);
    // The emulator looks at the rules again when a document changes.
    await vi.waitFor(async () => {
      await writer.write([windowEvent(1000 + heard.length + logged.length)]);
      expect(logged).toHaveLength(1);
    }, WAIT);
    expect(logged[0]).toContain('changed runs are not heard of; trying again');
    await writer.write([startedEvent({ runId: OTHER_RUN_ID })]);
    expect(heard).not.toContain(OTHER_RUN_ID);

    await loadRules(google.project);
    await vi.waitFor(() => expect(heard).toContain(OTHER_RUN_ID), WAIT);
    expect(logged.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
      'changed runs are not heard of; trying again',
      'changed runs are heard of again',
    ]);
  },
);
