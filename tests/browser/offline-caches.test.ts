// What the service worker keeps, in real Cache Storage: the app as a whole or not at all, engines as they come.
import { afterEach, expect, test, vi } from 'vitest';
import { createAppShell } from '../../src/lib/offline/app-shell.ts';
import type { EngineFiles } from '../../src/lib/offline/engine-files.ts';
import {
  answerRuntime,
  dropOldRuntimes,
  forgetRuntimes,
  isReady,
  keptRuntimePaths,
  listReady,
  noteReady,
} from '../../src/lib/offline/runtime-cache.ts';
import { openWeightsCache } from '../../src/lib/weights/weights-cache.ts';

const CHUNK = '/_app/immutable/chunks/a.js';
const FILES = [CHUNK, '/icon.svg'];
const PAGE = `<script type="module">import("${CHUNK}")</script>`;
const WORKER = '/_app/immutable/workers/ort.worker-1.js';
const WASM = '/_app/immutable/workers/assets/ort-2.wasm';

/** A server of these paths; others are missing. */
function serve(answers: Readonly<Record<string, () => Response>>) {
  return vi.spyOn(globalThis, 'fetch').mockImplementation((input) => {
    const path = input instanceof Request ? new URL(input.url).pathname : String(input);
    return Promise.resolve(answers[path]?.() ?? new Response('', { status: 404 }));
  });
}

const wholeApp = {
  [CHUNK]: () => new Response('chunk'),
  '/icon.svg': () => new Response('<svg/>'),
  '/shell': () =>
    new Response(PAGE, {
      headers: { 'content-security-policy': "script-src 'nonce-1'", vary: 'accept-encoding' },
    }),
};

async function appCaches(): Promise<string[]> {
  return (await caches.keys()).filter((name) => name.startsWith('kinemark-app-'));
}

afterEach(async () => {
  vi.restoreAllMocks();
  for (const name of await caches.keys()) await caches.delete(name);
});

test('the app is kept with its headers, and answers without a server', async () => {
  serve(wholeApp);
  const shell = createAppShell('1', FILES);
  await shell.install();
  vi.restoreAllMocks();
  const page = await shell.match('/shell');
  expect(page?.headers.get('content-security-policy')).toBe("script-src 'nonce-1'");
  expect(await page?.text()).toBe(PAGE);
  expect(await (await shell.match(CHUNK))?.text()).toBe('chunk');
  expect(await shell.match('/elsewhere')).toBeUndefined();
});

test.each([
  ['a file is missing', { '/icon.svg': () => new Response('', { status: 404 }) }, 'HTTP 404'],
  [
    'the connection breaks',
    {
      '/icon.svg': () => {
        throw new TypeError('Failed to fetch');
      },
    },
    'Failed to fetch',
  ],
  [
    'the server was updated meanwhile',
    { '/shell': () => new Response('<script>import("/_app/immutable/chunks/b.js")</script>') },
    'was updated meanwhile',
  ],
  ['a proxy puts its own page there', { '/shell': () => new Response('Log in') }, 'updated'],
] as const)('nothing is kept when %s, and the reason is told', async (_, fault, reason) => {
  serve(wholeApp);
  await createAppShell('1', FILES).install();
  serve({ ...wholeApp, ...fault });
  await expect(createAppShell('2', FILES).install()).rejects.toThrow(reason);
  // The version in use is as it was.
  expect(await appCaches()).toEqual(['kinemark-app-1']);
});

test('earlier versions are dropped, weights and engines never', async () => {
  serve({ ...wholeApp, [WASM]: () => new Response('wasm') });
  const weights = await openWeightsCache();
  const contents = Uint8Array.of(1, 2, 3);
  await weights.keep({ sha256: 'ab', bytes: 3, url: '/models/a.task' }, contents);
  await createAppShell('1', FILES).install();
  await answerRuntime(new Request(WASM), (work) => void work, vi.fn());
  await expect.poll(keptRuntimePaths).toEqual([WASM]);
  const next = createAppShell('2', FILES);
  await next.install();
  // Until they are dropped, a page of the earlier version still finds its files.
  expect(await appCaches()).toHaveLength(2);
  const others = await next.listOthers();
  expect(others).toEqual(['kinemark-app-1']);
  // A version that comes meanwhile is none of the earlier ones.
  const later = createAppShell('3', FILES);
  await later.install();
  await next.drop(others);
  expect(await appCaches()).toEqual(['kinemark-app-2', 'kinemark-app-3']);
  expect(await next.isKept()).toBe(true);
  await later.drop(await later.listOthers());
  expect(await next.isKept()).toBe(false);
  expect(await later.isKept()).toBe(true);
  // Looking makes none.
  expect(await appCaches()).toEqual(['kinemark-app-3']);
  expect(await weights.read('ab')).toEqual(contents);
  expect(await keptRuntimePaths()).toEqual([WASM]);
});

test('a part of an engine is fetched once', async () => {
  const fetched = serve({ [WASM]: () => new Response('wasm') });
  const works: Promise<unknown>[] = [];
  const answer = () => answerRuntime(new Request(WASM), (work) => works.push(work), vi.fn());
  expect(await (await answer()).text()).toBe('wasm');
  await Promise.all(works);
  expect(await (await answer()).text()).toBe('wasm');
  expect(fetched).toHaveBeenCalledTimes(1);
});

test('a failure is passed on and not kept; where nothing can be kept, the engine still gets it', async () => {
  const works: Promise<unknown>[] = [];
  const onRefused = vi.fn();
  const answer = () => answerRuntime(new Request(WASM), (work) => works.push(work), onRefused);
  serve({});
  expect((await answer()).status).toBe(404);
  expect(works).toEqual([]);
  serve({ [WASM]: () => new Response('wasm') });
  const full = new DOMException('full', 'QuotaExceededError');
  vi.spyOn(Cache.prototype, 'put').mockRejectedValue(full);
  expect(await (await answer()).text()).toBe('wasm');
  await Promise.all(works);
  expect(onRefused).toHaveBeenCalledWith(WASM);
});

test('a target is ready with its engine as it is, and with its number of threads', async () => {
  const target = { targetId: 'ort/blazepose-lite@wasm', threads: null };
  expect(await isReady(target, WORKER)).toBe(false);
  await noteReady(target, WORKER);
  // Its worker did not go through the service worker.
  expect(await isReady(target, WORKER)).toBe(false);
  serve({ [WORKER]: () => new Response('worker') });
  const works: Promise<unknown>[] = [];
  await answerRuntime(new Request(WORKER), (work) => works.push(work), vi.fn());
  await Promise.all(works);
  expect(await isReady(target, WORKER)).toBe(true);
  expect(await isReady({ ...target, threads: 1 }, WORKER)).toBe(false);
  expect(await isReady(target, '/_app/immutable/workers/ort.worker-2.js')).toBe(false);
  expect(await listReady()).toEqual([{ ...target, worker: WORKER }]);
  // That is no file.
  expect(await keptRuntimePaths()).toEqual([WORKER]);
  await forgetRuntimes();
  expect(await isReady(target, WORKER)).toBe(false);
});

test('after an update only the parts that it still has are left', async () => {
  const old = '/_app/immutable/workers/ort.worker-0.js';
  serve({ [WASM]: () => new Response('wasm'), [old]: () => new Response('old') });
  const works: Promise<unknown>[] = [];
  for (const path of [WASM, old]) {
    await answerRuntime(new Request(path), (work) => works.push(work), vi.fn());
  }
  await Promise.all(works);
  await noteReady({ targetId: 'ort/blazepose-lite@wasm', threads: null }, old);
  const parts = { worker: WORKER, files: [{ path: WASM, bytes: 4 }] };
  const engineFiles: EngineFiles = { mediapipe: parts, litert: parts, ort: parts, tfjs: parts };
  await dropOldRuntimes(engineFiles);
  expect(await keptRuntimePaths()).toEqual([WASM]);
  // Says which targets are to be kept again.
  expect(await listReady()).toHaveLength(1);
});
