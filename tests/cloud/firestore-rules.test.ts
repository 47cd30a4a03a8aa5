// The rules that are deployed, in the emulator: who may read what, and that nobody writes.
import { expect, test } from 'vitest';
import { openFirestoreClient } from '../../server/store/firestore/firestore-client.server.ts';
import { createFirestoreWriter } from '../../server/store/firestore/writer.server.ts';
import { deadLetter } from './dead-letter.ts';
import { DEVICE_ID, RUN_ID, runEvents } from '../fixtures/events.ts';
import { askDocuments, loadRules, userToken } from './firestore-rules.ts';
import { freshGoogleConfig, hasEmulators } from './use-emulators.ts';

const ALLOWED = 200;
const REFUSED = 403;

/** One document of each collection, and of one that no rule names. */
const documents = [
  `/runs/${RUN_ID}`,
  `/runs/${RUN_ID}/windows/0000000000`,
  `/devices/${DEVICE_ID}`,
  '/deadLetters/1',
] as const;
const UNNAMED = '/secrets/1';
const change = { fields: { status: { stringValue: 'finished' } } };

/** A project in which each of the documents is, under the deployed rules. */
async function filledProject(): Promise<string> {
  const google = freshGoogleConfig();
  const writer = createFirestoreWriter({ google });
  await writer.write(runEvents(1));
  await writer.deadLetterWriter.put(deadLetter('1'));
  await writer.close();
  const { firestore, close } = openFirestoreClient({ google });
  await firestore.doc(UNNAMED.slice(1)).set({ status: 'secret' });
  await close();
  await loadRules(google.project);
  return google.project;
}

/** Who may come, with whether they may read. */
function visitors(project: string): readonly (readonly [string, string | null, boolean])[] {
  return [
    ['nobody', null, false],
    ['a user', userToken(project), false],
    ['a user who is said to be none', userToken(project, { viewer: false }), false],
    ['a user whose claim is text', userToken(project, { viewer: 'true' }), false],
    ['a viewer', userToken(project, { viewer: true }), true],
  ];
}

const parent = (path: string) => path.slice(0, path.lastIndexOf('/'));

test.skipIf(!hasEmulators)(
  'viewers read runs, windows, devices and dead letters; others nothing',
  async () => {
    const project = await filledProject();
    for (const [who, token, mayRead] of visitors(project)) {
      for (const path of documents) {
        const status = mayRead ? ALLOWED : REFUSED;
        expect(await askDocuments(project, token, 'GET', path), `${who} gets ${path}`).toBe(status);
        const list = parent(path);
        expect(await askDocuments(project, token, 'GET', list), `${who} lists ${list}`).toBe(
          status,
        );
      }
    }
  },
);

test.skipIf(!hasEmulators)('what no rule names is nobody’s', async () => {
  const project = await filledProject();
  for (const [who, token] of visitors(project)) {
    for (const path of [UNNAMED, `/runs/${RUN_ID}/notes/1`]) {
      expect(await askDocuments(project, token, 'GET', path), `${who} gets ${path}`).toBe(REFUSED);
    }
  }
});

test.skipIf(!hasEmulators)('nobody creates, changes or deletes anything', async () => {
  const project = await filledProject();
  for (const [who, token] of visitors(project)) {
    for (const path of [...documents, UNNAMED]) {
      const attempts = [
        ['POST', `${parent(path)}?documentId=new`],
        ['PATCH', path],
        ['DELETE', path],
      ] as const;
      for (const [method, at] of attempts) {
        const body = method === 'DELETE' ? undefined : change;
        const status = await askDocuments(project, token, method, at, body);
        expect(status, `${who}: ${method} ${at}`).toBe(REFUSED);
      }
    }
  }
  const token = userToken(project, { viewer: true });
  for (const path of documents) {
    expect(await askDocuments(project, token, 'GET', path), `${path} is still there`).toBe(ALLOWED);
  }
});
