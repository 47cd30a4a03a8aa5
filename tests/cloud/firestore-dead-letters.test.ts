// Dead letters in Google's cloud: what is listed, what `npm run deadletters` does with them, and what is left when
// it cannot go on.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PubSub, type Message } from '@google-cloud/pubsub';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { DeadLetter } from '../../server/broker/dead-letters.server.ts';
import type { GoogleConfig } from '../../server/google-config.server.ts';
import { createFirestoreDeadLetters } from '../../server/store/firestore/dead-letters.server.ts';
import { openFirestoreClient } from '../../server/store/firestore/firestore-client.server.ts';
import { createFirestoreReader } from '../../server/store/firestore/reader.server.ts';
import { createFirestoreWriter } from '../../server/store/firestore/writer.server.ts';
import type { MetricEvent } from '../../src/lib/events/metric-event.ts';
import { OTHER_RUN_ID, RUN_ID, startedEvent, windowEvent } from '../fixtures/events.ts';
import { silentLogger } from '../integration/silent-logger.ts';
import { deadLetter } from './dead-letter.ts';
import { createResources } from './google-resources.ts';
import { freshGoogleConfig, hasEmulators } from './use-emulators.ts';

const COMMAND = join(import.meta.dirname, '../../server/dead-letters/main.server.ts');

async function putLetters(google: GoogleConfig, letters: readonly DeadLetter[]): Promise<void> {
  const writer = createFirestoreWriter({ google });
  for (const letter of letters) await writer.deadLetterWriter.put(letter);
  await writer.close();
}

function openReader(google: GoogleConfig) {
  const reader = createFirestoreReader({ google, logger: silentLogger });
  onTestFinished(() => reader.close());
  return reader.deadLetters;
}

/** The part that the command uses, with a queue of the test's own. */
function openLetters(
  google: GoogleConfig,
  publish: (events: readonly MetricEvent[]) => Promise<void>,
) {
  const client = openFirestoreClient({ google });
  onTestFinished(client.close);
  return createFirestoreDeadLetters({ client, publish });
}

/** Letters of windows 0 to `count` - 1, each a second older than the one before it. */
function lettersOf(count: number): readonly DeadLetter[] {
  return Array.from({ length: count }, (_, index) => {
    const diedAt = new Date(Date.parse('2026-11-05T13:00:00Z') - index * 1000).toISOString();
    return deadLetter(String(100 + index), windowEvent(index), { diedAt });
  });
}

test.skipIf(!hasEmulators)('letters are counted, listed newest first, and read whole', async () => {
  const google = freshGoogleConfig();
  const letters = lettersOf(3);
  await putLetters(google, letters);
  const reader = openReader(google);
  const entries = letters.map(({ event: _, ...entry }) => entry);
  expect(await reader.count()).toBe(3);
  expect(await reader.list({ limit: 10 })).toEqual(entries);
  expect(await reader.list({ limit: 2 })).toEqual(entries.slice(0, 2));
  expect(await reader.get('101')).toEqual(letters[1]);
  for (const id of ['99', '', '.', '..', '__id__', 'a/b', '101/x/y']) {
    expect(await reader.get(id), id).toBeNull();
  }
});

test.skipIf(!hasEmulators)(
  'a letter with the same id is written over; an id that is none is refused',
  async () => {
    const google = freshGoogleConfig();
    const half = 'half \ud83d a character';
    await putLetters(google, [deadLetter('1'), deadLetter('1', startedEvent(), { error: half })]);
    const reader = openReader(google);
    expect(await reader.count()).toBe(1);
    expect(await reader.get('1')).toEqual(
      deadLetter('1', startedEvent(), { error: 'half \ufffd a character' }),
    );
    await expect(putLetters(google, [deadLetter('a/b')])).rejects.toThrow(
      'A dead letter cannot have the id "a/b".',
    );
  },
);

test.skipIf(!hasEmulators)(
  'events are published oldest first, and in the order of their run',
  async () => {
    const google = freshGoogleConfig();
    // 120 at one moment, of which ten is after nine; and one that died before, under a later id.
    const atOnce = Array.from({ length: 120 }, (_, index) =>
      deadLetter(`m${index}`, windowEvent(index)),
    );
    const earlier = { diedAt: '2026-11-05T11:00:00.000Z' };
    const first = deadLetter('z', windowEvent(0, { runId: OTHER_RUN_ID }), earlier);
    await putLetters(google, [...atOnce, first]);
    const published: string[] = [];
    const letters = openLetters(google, async (events) => {
      published.push(...events.map(({ id }) => id));
    });
    expect(await letters.replay('all')).toEqual({ changed: 121, unknownIds: [] });
    expect(published).toEqual([first.eventId, ...atOnce.map(({ eventId }) => eventId)]);
    expect(await letters.count()).toBe(0);
  },
);

test.skipIf(!hasEmulators)('with an unknown id nothing at all is done', async () => {
  const google = freshGoogleConfig();
  await putLetters(google, lettersOf(2));
  const publish = vi.fn(async () => {});
  const letters = openLetters(google, publish);
  const ids = ['100', 'nobody', '101', 'a/b', 'nobody'];
  for (const verb of ['replay', 'drop'] as const) {
    const unknownIds = ['nobody', 'a/b'];
    expect(await letters[verb](ids)).toEqual({ changed: 0, unknownIds });
    expect(await letters[verb](['..'])).toEqual({ changed: 0, unknownIds: ['..'] });
  }
  expect(publish).not.toHaveBeenCalled();
  expect(await letters.count()).toBe(2);
});

test.skipIf(!hasEmulators)(
  'a replay that fails half way keeps what was not replayed, and can be said again',
  async () => {
    const google = freshGoogleConfig();
    await putLetters(google, lettersOf(120));
    const published: string[] = [];
    let isBroken = false;
    const letters = openLetters(google, async (events) => {
      if (isBroken) throw new Error('the queue is gone');
      published.push(...events.map(({ id }) => id));
      isBroken = true;
    });
    await expect(letters.replay('all')).rejects.toThrow('the queue is gone');
    expect(published.length).toBeGreaterThan(0);
    expect(await letters.count()).toBe(120 - published.length);
    const left = (await letters.list({ limit: 200 })).map(({ eventId }) => eventId);
    expect(left.filter((id) => published.includes(id))).toEqual([]);

    isBroken = false;
    await expect(letters.replay('all')).rejects.toThrow('the queue is gone');
    isBroken = false;
    await letters.replay('all');
    expect(new Set(published).size).toBe(120);
    expect(await letters.count()).toBe(0);
  },
);

test.skipIf(!hasEmulators)(
  'a letter that comes again while its event is published stays',
  async () => {
    const google = freshGoogleConfig();
    await putLetters(google, [deadLetter('1'), deadLetter('2', windowEvent(1))]);
    const again = deadLetter('1', windowEvent(0), { diedAt: '2026-11-06T00:00:00.000Z' });
    const letters = openLetters(google, async () => putLetters(google, [again]));
    expect(await letters.replay(['1', '2', '1'])).toEqual({ changed: 2, unknownIds: [] });
    expect(await letters.list({ limit: 10 })).toMatchObject([{ id: '1', diedAt: again.diedAt }]);
  },
);

/** Runs `npm run deadletters` against the emulators. */
async function deadletters(google: GoogleConfig, ...args: string[]) {
  const child = spawn(process.execPath, ['--no-warnings', COMMAND, ...args], {
    env: {
      PATH: process.env['PATH'],
      PUBSUB_EMULATOR_HOST: process.env['PUBSUB_EMULATOR_HOST'],
      FIRESTORE_EMULATOR_HOST: process.env['FIRESTORE_EMULATOR_HOST'],
      KINEMARK_PLATFORM: 'google',
      GOOGLE_CLOUD_PROJECT: google.project,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ran = { code: null as number | null, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (ran.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (ran.stderr += text));
  [ran.code] = (await once(child, 'close')) as [number | null];
  return ran;
}

test.skipIf(!hasEmulators)(
  'the command lists, shows, replays into the real queue, and drops',
  async () => {
    const google = freshGoogleConfig();
    await createResources(google);
    await putLetters(google, lettersOf(3));
    const listed = await deadletters(google, 'list');
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    expect(listed.stdout.split('\n').map((line) => line.split(/ {2,}/)[1])).toEqual([
      'EVENT (RUN/SEQUENCE)',
      `${RUN_ID}/1`,
      `${RUN_ID}/2`,
      `${RUN_ID}/3`,
      undefined,
    ]);
    const shown = await deadletters(google, 'show', '102', '--json');
    expect(JSON.parse(shown.stdout)).toEqual(lettersOf(3)[2]);

    const unknown = await deadletters(google, 'replay', '102', '77');
    expect(unknown).toMatchObject({ code: 1, stdout: '' });
    expect(unknown.stderr).toContain(
      'There is no dead letter with the id "77", so nothing was replayed',
    );

    expect(await deadletters(google, 'replay', '101', '102')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Replayed 2 events'),
      stderr: '',
    });
    expect(await receive(google, 2)).toEqual([windowEvent(2), windowEvent(1)]);
    expect(await deadletters(google, 'drop', '--all')).toMatchObject({
      code: 0,
      stdout: 'Dropped 1 event for good.\n',
    });
    expect((await deadletters(google, 'list')).stdout).toBe('There are no dead letters.\n');
  },
);

test.skipIf(!hasEmulators)(
  'a replay without a queue is a sentence and exit 2, and keeps the letters',
  async () => {
    const google = freshGoogleConfig();
    await putLetters(google, lettersOf(1));
    const { code, stdout, stderr } = await deadletters(google, 'replay', '--all');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe(
      `kinemark: cannot use the dead letters of the project ${google.project} (the topic ${google.topic} does not ` +
        `exist in the project ${google.project}; create it, or set PUBSUB_TOPIC to the topic to use); what was ` +
        'done before stays done, and the rest can be asked for again\n',
    );
    expect(await openReader(google).count()).toBe(1);
  },
);

/** Takes `count` events from the subscription of the worker. */
async function receive(google: GoogleConfig, count: number): Promise<readonly MetricEvent[]> {
  const pubsub = new PubSub({ projectId: google.project });
  const subscription = pubsub.subscription(google.subscription);
  const events: MetricEvent[] = [];
  subscription.on('message', (message: Message) => {
    events.push(JSON.parse(message.data.toString()));
    message.ack();
  });
  await vi.waitFor(() => expect(events.length).toBeGreaterThanOrEqual(count), { timeout: 30_000 });
  await subscription.close();
  await pubsub.close();
  return events;
}
