// What the parts of the store say when Firestore refuses or cannot be reached.
import { Firestore } from '@google-cloud/firestore';
import { expect, onTestFinished, test } from 'vitest';
import type { GoogleConfig } from '../../server/google-config.server.ts';
import { createFirestoreReader } from '../../server/store/firestore/reader.server.ts';
import { createFirestoreWriter } from '../../server/store/firestore/writer.server.ts';
import { RUN_ID, startedEvent } from '../fixtures/events.ts';
import { silentLogger } from '../integration/silent-logger.ts';
import { deadLetter } from './dead-letter.ts';
import { loadRules, userToken } from './firestore-rules.ts';
import { freshGoogleConfig, hasEmulators } from './use-emulators.ts';

/** A client that the emulator's rules hold for, as it comes with a user's token. */
function openAsUser({ project, database }: GoogleConfig): Firestore {
  const Authorization = `Bearer ${userToken(project)}`;
  return new Firestore({
    projectId: project,
    databaseId: database,
    customHeaders: { Authorization },
  });
}

// First, so that a failure of what is left under way comes while the other one runs.
test.skipIf(!hasEmulators)(
  'a Firestore that cannot be reached is said to be silent, not waited for',
  async () => {
    const google = freshGoogleConfig();
    // A port that nobody listens to; the client looks for the emulator once, when it is made.
    const openNowhere = ({ project }: GoogleConfig) =>
      new Firestore({ projectId: project, host: '127.0.0.1:9', ssl: false });
    const host = process.env['FIRESTORE_EMULATOR_HOST'];
    delete process.env['FIRESTORE_EMULATOR_HOST'];
    const options = {
      google,
      logger: silentLogger,
      open: openNowhere,
      readLimitMs: 100,
      closeLimitMs: 100,
    };
    const reader = createFirestoreReader(options);
    process.env['FIRESTORE_EMULATOR_HOST'] = host;
    onTestFinished(() => reader.close());
    const sentence =
      `Firestore does not answer within 100 ms (the database (default) of the project ${google.project}); ` +
      'check the network and try again';
    const attempts = [
      () => reader.listRuns({ limit: 1 }),
      () => reader.getRun(RUN_ID),
      () => reader.deadLetters.count(),
      () => reader.deadLetters.list({ limit: 1 }),
      () => reader.deadLetters.get('1'),
    ];
    await Promise.all(attempts.map((attempt) => expect(attempt()).rejects.toThrow(sentence)));
  },
);

test.skipIf(!hasEmulators)(
  'an account without the right to is told which, and for what',
  async () => {
    const google = freshGoogleConfig();
    await loadRules(google.project);
    const reader = createFirestoreReader({ google, logger: silentLogger, open: openAsUser });
    const writer = createFirestoreWriter({ google, open: openAsUser });
    onTestFinished(async () => {
      await Promise.all([reader.close(), writer.close()]);
    });
    const sentence = new RegExp(
      `^Firestore does not let this account use the database \\(default\\) of the project ${google.project} ` +
        '\\(7 PERMISSION_DENIED: [^]+\\); give it roles/datastore.user .+ set FIRESTORE_DATABASE to another$',
    );
    const attempts = [
      () => reader.listRuns({ limit: 1 }),
      () => reader.getRun(RUN_ID),
      () => reader.deadLetters.count(),
      () => reader.deadLetters.list({ limit: 1 }),
      () => reader.deadLetters.get('1'),
      () => writer.write([startedEvent()]),
      () => writer.deadLetterWriter.put(deadLetter('1')),
    ];
    await Promise.all(attempts.map((attempt) => expect(attempt()).rejects.toThrow(sentence)));
  },
);
