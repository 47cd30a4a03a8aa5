// Workers as processes: one that is killed loses nothing, and one that has closed everything ends.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { GoogleConfig } from '../../server/google-config.server.ts';
import { OTHER_RUN_ID, startedEvent, windowEvent } from '../fixtures/events.ts';
import { createResources } from './google-resources.ts';
import { ARRIVAL, openConsumer, openPublisher, recorder } from './pubsub-parts.ts';
import { freshGoogleConfig, hasEmulators } from './use-emulators.ts';

const PROGRAM = join(import.meta.dirname, 'pubsub-child.ts');

/** Starts it; it is killed when the test ends. */
function startChild(mode: 'hangs' | 'ends', google: GoogleConfig) {
  const child = spawn(process.execPath, [PROGRAM, mode, JSON.stringify(google)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  return { child, closed, lines: () => text.split('\n').slice(0, -1) };
}

test.skipIf(!hasEmulators)('what a killed worker had in its hands is delivered again', async () => {
  const google = freshGoogleConfig();
  await createResources(google);
  const events = [
    startedEvent(),
    windowEvent(0),
    windowEvent(1),
    startedEvent({ runId: OTHER_RUN_ID }),
  ];
  const { child, closed, lines } = startChild('hangs', google);
  await openPublisher(google).publish(events);
  await vi.waitFor(() => expect(lines()).not.toEqual([]), ARRIVAL);
  child.kill('SIGKILL');
  await closed;

  const { ids, handler } = recorder();
  openConsumer(google).consumer.consume(handler);
  const wanted = events.map(({ id }) => id).toSorted();
  await vi.waitFor(() => expect([...new Set(ids())].toSorted()).toEqual(wanted), ARRIVAL);
  const ofRun = ids().filter((id) => wanted.includes(id) && !id.startsWith(OTHER_RUN_ID));
  expect([...new Set(ofRun)]).toEqual(events.slice(0, 3).map(({ id }) => id));
});

test.skipIf(!hasEmulators)('a process ends by itself once both ends are closed', async () => {
  const google = freshGoogleConfig();
  await createResources(google);
  const { closed, lines } = startChild('ends', google);
  expect(await closed).toEqual([0, null]);
  expect(lines()).toEqual(['closed']);
});
