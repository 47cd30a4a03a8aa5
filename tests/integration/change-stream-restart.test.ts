// A dashboard page's EventSource through a restart of the server: the stream ends cleanly, the client comes back
// by itself after the time that it was told, and hears of changes again. The client is Node's own EventSource.
import { spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { OTHER_RUN_ID, RUN_ID, startedEvent } from '../fixtures/events.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { startServer } from './server-process.ts';

const CLIENT = `
  const stream = new EventSource(process.argv[1]);
  setInterval(() => undefined, 1000); // Waiting to come back does not keep Node alive.
  const states = ['connecting', 'open', 'closed'];
  stream.addEventListener('open', () => console.log('open'));
  stream.addEventListener('change', ({ data }) => console.log('change ' + data));
  stream.addEventListener('error', () => console.log('error, ' + states[stream.readyState]));
`;

function watchChanges(url: string): () => readonly string[] {
  const client = spawn(
    process.execPath,
    ['--experimental-eventsource', '--no-warnings', '-e', CLIENT, `${url}/runs/events`],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  onTestFinished(() => void client.kill('SIGKILL'));
  let output = '';
  client.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  return () => output.split('\n').filter(Boolean);
}

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'an EventSource comes back after %s and a restart',
  async (signal) => {
    const folder = temporaryFolder();
    const first = await startServer({ folder });
    const heard = watchChanges(first.url);
    await expect.poll(heard, { timeout: 10_000 }).toEqual(['open']);
    await first.post([startedEvent()]);
    await expect.poll(heard).toEqual(['open', `change ${RUN_ID}`]);
    await first.end(signal);
    await expect.poll(heard).toEqual(['open', `change ${RUN_ID}`, 'error, connecting']);

    const port = Number(new URL(first.url).port);
    const second = await startServer({ folder, port });
    await expect.poll(() => heard().at(-1), { timeout: 20_000 }).toBe('open');
    await second.post([startedEvent({ runId: OTHER_RUN_ID })]);
    await expect.poll(() => heard().at(-1)).toBe(`change ${OTHER_RUN_ID}`);
  },
);

test('the stream tells when to come back, and ends as a whole response when the server closes', async () => {
  const server = await startServer({ folder: temporaryFolder() });
  const response = await fetch(`${server.url}/runs/events`);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const text = response.text(); // Rejects where the connection breaks instead.
  await server.post([startedEvent()]);
  await server.drained();
  await server.end('SIGTERM');
  expect(await text).toBe(`retry: 2000\n\nevent: change\ndata: ${RUN_ID}\n\n`);
});
