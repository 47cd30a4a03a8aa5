// A process to be killed: writes one run to Firestore, three windows at a time, and says so after each batch.
import { writeSync } from 'node:fs';
import { readConfig } from '../../server/config.server.ts';
import { createFirestoreWriter } from '../../server/store/firestore/writer.server.ts';
import { runEvents } from '../fixtures/events.ts';

const STDOUT = 1;
const BATCH_WINDOWS = 3;

const [project = ''] = process.argv.slice(2);
const { google } = readConfig({ KINEMARK_PLATFORM: 'google', GOOGLE_CLOUD_PROJECT: project });
if (google === null) throw new Error('There is no configuration for Google.');
const writer = createFirestoreWriter({ google });
const windows = runEvents(30_000).filter(({ type }) => type === 'kinemark.run.window.v1');

for (let from = 0; ; from += BATCH_WINDOWS) {
  await writer.write(windows.slice(from, from + BATCH_WINDOWS));
  writeSync(STDOUT, '.\n'); // Synchronous: nothing that was said is lost in a buffer.
}
