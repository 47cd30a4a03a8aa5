// Where the dashboard's pages get their runs and dead letters. Those of the device itself are tested in own-runs.test.ts.
import { expect, test, vi } from 'vitest';
import { loadDeadLetters } from '../../../src/lib/ui/dead-letters/load-dead-letters.ts';
import { RunsError, loadRun, loadRunList } from '../../../src/lib/ui/runs/load-runs.ts';
import type { RunListEntry } from '../../../src/lib/ui/runs/run-record.ts';
import { RUN_ID } from '../../fixtures/events.ts';

const list = { runs: [{ runId: RUN_ID } as RunListEntry], hasMore: true, deadLetters: 2, nowMs: 5 };

function answering(status: number, body: unknown) {
  return vi.fn<typeof fetch>(() => Promise.resolve(Response.json(body, { status })));
}
/** An answer whose head comes, and of whose body only the beginning. */
function breakingOff() {
  const body = () =>
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"runs":['));
        controller.error(new DOMException('The operation timed out.', 'TimeoutError'));
      },
    });
  return vi.fn<typeof fetch>(() => Promise.resolve(new Response(body())));
}
/** A network that wants a log-in, and answers anything with its page. */
function askingToLogIn(status: number) {
  return vi.fn<typeof fetch>(() =>
    Promise.resolve(
      new Response('<html>Log in</html>', { status, headers: { 'content-type': 'text/html' } }),
    ),
  );
}
function unreachable() {
  return vi.fn<typeof fetch>(() => Promise.reject(new TypeError('Failed to fetch')));
}

test.each([true, false])("the server's list; in a browser: %s", async (isBrowser) => {
  const fetch = answering(200, list);
  expect(await loadRunList({ fetch, isBrowser })).toEqual({ ...list, own: null });
  expect(fetch.mock.calls[0]?.[0]).toBe('/runs/list.json');
});

const notReaching = [
  unreachable(),
  answering(502, 'Bad gateway'),
  breakingOff(),
  askingToLogIn(200),
  askingToLogIn(511),
];

test('a server that cannot be reached leaves the runs of this device, if there are any', async () => {
  // Here there is no IndexedDB, as in a browser that denies storage.
  for (const fetch of notReaching) {
    expect(await loadRunList({ fetch, isBrowser: true })).toMatchObject({
      runs: [],
      hasMore: false,
      own: 'unreachable',
    });
  }
});

test('a server that answers with a failure is not out of reach', async () => {
  const context = { fetch: answering(500, {}), isBrowser: true };
  await expect(loadRunList(context)).rejects.toMatchObject({ status: 500 });
  await expect(loadRun(RUN_ID, context)).rejects.toBeInstanceOf(RunsError);
});

test('while a page is made on the server, its failures are failures', async () => {
  await expect(loadRunList({ fetch: unreachable(), isBrowser: false })).rejects.toThrow(TypeError);
  await expect(
    loadRun(RUN_ID, { fetch: answering(404, {}), isBrowser: false }),
  ).rejects.toMatchObject({ status: 404, message: expect.stringContaining('reached this server') });
});

test('a run that nobody has', async () => {
  await expect(loadRun(RUN_ID, { fetch: answering(404, {}), isBrowser: true })).rejects.toThrow(
    'No run with this id has reached this server.',
  );
  for (const fetch of notReaching) {
    await expect(loadRun(RUN_ID, { fetch, isBrowser: true })).rejects.toThrow(
      'The server cannot be reached, and this device has made no run with this id.',
    );
  }
});

test('the dead letters of a server that cannot be reached are nobody’s, not none', async () => {
  for (const fetch of notReaching) {
    expect(await loadDeadLetters({ fetch, isBrowser: true })).toBeNull();
  }
  const letters = { letters: [], count: 0, nowMs: 5 };
  expect(await loadDeadLetters({ fetch: answering(200, letters), isBrowser: true })).toEqual(
    letters,
  );
  await expect(
    loadDeadLetters({ fetch: answering(500, {}), isBrowser: true }),
  ).rejects.toMatchObject({ status: 500 });
});
