// deploy/gcp/firestore.indexes.json fits what the store really writes and asks. The emulator does not enforce it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openFirestoreClient } from '../../server/store/firestore/firestore-client.server.ts';
import { createFirestoreWriter } from '../../server/store/firestore/writer.server.ts';
import { RUN_ID, interruptedEvent, runEvents } from '../fixtures/events.ts';
import { deadLetter } from './dead-letter.ts';
import { freshGoogleConfig, hasEmulators } from './use-emulators.ts';

type Override = { collectionGroup: string; fieldPath: string; indexes: unknown[] };

const INDEXES_FILE = join(import.meta.dirname, '../../deploy/gcp/firestore.indexes.json');
/** Texts that stay indexed: each has a bound far below the 1500 bytes that Firestore indexes of a value. */
const SHORT_TEXTS = new Set([
  'runs.deviceId',
  'runs.status',
  'runs.target',
  'runs.scenario',
  'runs.sourceName',
  'runs.startedAt',
  'windows.eventId',
  'devices.firstSeenAt',
  'devices.lastSeenAt',
  'deadLetters.eventId',
  'deadLetters.eventType',
  'deadLetters.runId',
  'deadLetters.publishedAt',
  'deadLetters.diedAt',
]);
/** What queries order by: runs for the list and for the watch, letters for theirs. */
const ORDERED = ['runs.startedAt', 'runs.changedAt', 'deadLetters.diedAt'];

async function readOverrides(): Promise<readonly Override[]> {
  const file = JSON.parse(await readFile(INDEXES_FILE, 'utf8')) as { fieldOverrides: Override[] };
  return file.fieldOverrides;
}

test.skipIf(!hasEmulators)(
  'every large text that is written is exempt from indexing, and no other field',
  async () => {
    const google = freshGoogleConfig();
    const writer = createFirestoreWriter({ google });
    const { firestore, close } = openFirestoreClient({ google });
    onTestFinished(async () => {
      await Promise.all([writer.close(), close()]);
    });
    await writer.write([...runEvents(2), interruptedEvent()]);
    await writer.deadLetterWriter.put(deadLetter('1'));

    const texts = new Set<string>();
    const fields = new Set<string>();
    const root = await firestore.listCollections();
    const collections = [...root, ...(await firestore.doc(`runs/${RUN_ID}`).listCollections())];
    for (const collection of collections) {
      for (const document of (await collection.get()).docs) {
        for (const [field, value] of Object.entries(document.data())) {
          fields.add(`${collection.id}.${field}`);
          if (typeof value === 'string') texts.add(`${collection.id}.${field}`);
        }
      }
    }
    const overrides = await readOverrides();
    expect(overrides.map(({ indexes }) => indexes)).toEqual(overrides.map(() => []));
    const exempt = overrides.map(
      ({ collectionGroup, fieldPath }) => `${collectionGroup}.${fieldPath}`,
    );
    expect(exempt.sort()).toEqual([...texts].filter((text) => !SHORT_TEXTS.has(text)).sort());
    expect(
      [...SHORT_TEXTS].filter((text) => !texts.has(text)),
      'no longer written',
    ).toEqual([]);
    expect(ORDERED.filter((field) => !fields.has(field))).toEqual([]);
    expect(
      ORDERED.filter((field) => exempt.includes(field)),
      'ordered by',
    ).toEqual([]);
  },
);
