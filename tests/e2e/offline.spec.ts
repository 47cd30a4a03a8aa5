// The app without a network, on a real service worker: it opens, measures, keeps, and delivers once.
import { expect, test } from '@playwright/test';
import {
  RUN_LIMIT_MS,
  cachedPaths,
  expectReady,
  goOffline,
  keepForOffline,
  killTab,
  openReady,
  runButton,
  runToResult,
  stopServiceWorker,
  waitForOfflineApp,
} from './offline-page.ts';
import { startWatchedKinemark } from './watched-kinemark.ts';
import type { WatchedKinemark } from './watched-kinemark.ts';

/** Two runs, and a part of a third. */
const TEST_LIMIT_MS = 420_000;
/** Enough for a percentile; the verdict of such runs does not matter here. */
const FRAMES = 70;
const DELIVERY_LIMIT_MS = 30_000;
/** What a visitor fetches who only looks around: fonts, scripts, the built-in clip. */
const MAX_SHELL_BYTES = 5_000_000;

/**
 * The browser itself looks for a new service worker, and takes no notice of a network that a test has taken
 * away; where there is none, it gets as far as any request.
 */
const BROWSER_OWN_REQUEST = 'GET /service-worker.js';

let kinemark: WatchedKinemark;
test.beforeEach(async () => {
  kinemark = await startWatchedKinemark();
});
test.afterEach(() => kinemark.close());

function requestsOfPages(): readonly string[] {
  return kinemark.requests.filter((request) => request !== BROWSER_OWN_REQUEST);
}

test('load, go offline, reload, run two engines, kill the tab in a third run, reopen, go online', async ({
  page,
  context,
}) => {
  test.setTimeout(TEST_LIMIT_MS);
  await openReady(page, `${kinemark.url}/?frames=${FRAMES}`);
  await waitForOfflineApp(page);
  await keepForOffline(page, 'mediapipe');
  await keepForOffline(page, 'litert');
  const kept = await cachedPaths(page, 'kinemark-runtimes');
  for (const part of [
    /\/mediapipe\.worker-[^/]+\.js$/,
    /\/vision_wasm_module_internal-[^/]+\.wasm$/,
    /\/litert\.worker-[^/]+\.js$/,
    /\/litert_wasm_[^/]+\.wasm$/,
  ]) {
    expect(kept).toContainEqual(expect.stringMatching(part));
  }

  await goOffline(page);
  kinemark.forget();
  await page.reload();
  await expectReady(page);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  for (const engine of ['mediapipe', 'litert']) {
    await runToResult(page, engine);
    await expect(page.getByText('Kept on this device.')).toBeVisible();
  }

  // Its details are there as well, and say that the engine's threads could share memory.
  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  await expect(page.getByText('The server cannot be reached.')).toBeVisible();
  await page.getByRole('link', { name: 'litert/blazepose-lite@wasm' }).click();
  await expect(page.getByRole('heading', { name: /litert/ })).toBeVisible();
  const cores = await page.evaluate(() => navigator.hardwareConcurrency);
  const threads = page.locator('dl > div', {
    has: page.getByText('Threads used', { exact: true }),
  });
  await expect(threads.locator('dd')).toHaveText(String(Math.min(4, cores)));

  await page.goto(`${kinemark.url}/`);
  await expectReady(page);
  await page.getByLabel('Engine').selectOption('litert');
  await runButton(page).click();
  // One window has 3 s, and is written when it ends.
  await expect(page.getByText(/Frame (2\d\d|[3-6]\d\d) of 720/)).toBeVisible({ timeout: 60_000 });
  await killTab(page);

  const reopened = await context.newPage();
  await reopened.goto(`${kinemark.url}/runs`);
  await expect(reopened.getByText('The server cannot be reached.')).toBeVisible();
  await expect(reopened.getByRole('row')).toHaveCount(1 + 3);
  await expect(reopened.getByText(/Interrupted$/)).toHaveCount(1);
  await expect(reopened.getByTitle('Events that wait to be sent')).toBeVisible();
  expect(requestsOfPages()).toEqual([]);

  await context.setOffline(false);
  await expect
    .poll(async () => (await kinemark.store.listRuns({ limit: 10 })).map(({ status }) => status), {
      timeout: DELIVERY_LIMIT_MS,
    })
    .toEqual(['interrupted', 'finished', 'finished']);
  await expect(reopened.getByTitle('Events that wait to be sent')).toBeHidden();
  await reopened.goto(`${kinemark.url}/runs`);
  await expect(reopened.getByRole('row')).toHaveCount(1 + 3);
  await expect(reopened.getByText('The server cannot be reached.')).toHaveCount(0);
  await expect(reopened.getByText(/Interrupted$/)).toHaveCount(1);

  // Every window once, in all three.
  for (const { runId, windowCount } of await kinemark.store.listRuns({ limit: 10 })) {
    const run = await kinemark.store.getRun(runId);
    if (!run) throw new Error('A listed run is not there.');
    expect(run.windows.map(({ index }) => index)).toEqual(run.windows.map((_, index) => index));
    expect(run.windows).toHaveLength(windowCount);
    const processed = run.windows.reduce((sum, { frames }) => sum + frames.processed, 0);
    if (run.finished) expect(processed).toBe(FRAMES);
    else expect(run.interrupted?.windows).toBe(run.windows.length);
  }
});

test('a run whose engine came past the service worker is not said to work offline', async ({
  page,
}) => {
  test.setTimeout(TEST_LIMIT_MS);
  const held = Promise.withResolvers<() => void>();
  kinemark.intercept(({ url }, response) => {
    if (url !== '/icons/icon-512.png') return false;
    held.resolve(() => {
      kinemark.intercept(null);
      response.writeHead(200, { 'content-type': 'image/png' }).end('late');
    });
    return true;
  });
  await openReady(page, `${kinemark.url}/`);
  const release = await held.promise;
  await runButton(page).click();
  await expect(page.getByText(/Frame \d+ of 720/)).toBeVisible({ timeout: 60_000 });
  release();
  await waitForOfflineApp(page);
  await expect(page.getByText(/Frame \d+ of 720/)).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Result' })).toBeVisible({
    timeout: RUN_LIMIT_MS,
  });
  const state = page.getByTestId('offline-state');
  await expect(state.getByRole('button', { name: 'Keep for offline use' })).toBeVisible();
  expect(await cachedPaths(page, 'kinemark-runtimes')).toEqual([]);
});

test('a run for whose engine there was no room is not said to work offline', async ({
  page,
  context,
}) => {
  test.setTimeout(TEST_LIMIT_MS);
  await openReady(page, `${kinemark.url}/?frames=${FRAMES}`);
  await waitForOfflineApp(page);
  const [worker] = context.serviceWorkers();
  if (!worker) throw new Error('There is no service worker.');
  await worker.evaluate(() => {
    Cache.prototype.put = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
  });
  await runToResult(page, 'mediapipe');
  const state = page.getByTestId('offline-state');
  await expect(state.getByRole('button', { name: 'Keep for offline use' })).toBeVisible();
  expect(await cachedPaths(page, 'kinemark-runtimes')).toEqual([]);
});

test('an app that was removed from under the service worker is kept again', async ({ page }) => {
  await openReady(page, `${kinemark.url}/`);
  await waitForOfflineApp(page);
  await page.evaluate(async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith('kinemark-app-')) await caches.delete(name);
    }
  });
  await stopServiceWorker(page);
  await page.reload();
  await expect.poll(() => cachedPaths(page, 'kinemark-app-')).toContain('/shell');
  await goOffline(page);
  await page.reload();
  await expectReady(page);
});

test('a first visit keeps the app, and neither weights nor engines', async ({ page }) => {
  await openReady(page, `${kinemark.url}/`);
  await waitForOfflineApp(page);
  const paths = await cachedPaths(page, 'kinemark-app-');
  expect(paths).toEqual(
    expect.arrayContaining(['/shell', '/clips/actor.mp4', '/icons/icon-192.png']),
  );
  expect(paths.filter((path) => /^\/models\/|\.wasm$|\/workers\//.test(path))).toEqual([]);
  expect(await cachedPaths(page, 'kinemark-weights')).toEqual([]);
  const bytes = await page.evaluate(async () => {
    const [name = ''] = (await caches.keys()).filter((each) => each.startsWith('kinemark-app-'));
    const cache = await caches.open(name);
    const bodies = (await cache.matchAll()).map((response) => response.blob());
    return (await Promise.all(bodies)).reduce((sum, { size }) => sum + size, 0);
  });
  expect(bytes).toBeLessThan(MAX_SHELL_BYTES);
});

test('what is not its business passes the service worker untouched', async ({ page, context }) => {
  await openReady(page, `${kinemark.url}/`);
  await waitForOfflineApp(page);
  const ask = (
    path: string,
    init: { method?: string; body?: string; headers?: Record<string, string> } = {},
  ) =>
    page.evaluate(
      async ([url, options]) => {
        try {
          const response = await fetch(url, options);
          return { status: response.status, bytes: (await response.arrayBuffer()).byteLength };
        } catch {
          return null;
        }
      },
      [path, init] as const,
    );
  expect(await ask('/clips/actor.mp4', { headers: { range: 'bytes=0-99' } })).toEqual({
    status: 206,
    bytes: 100,
  });
  expect(await ask('/clips/actor.mp4', { method: 'HEAD' })).toEqual({ status: 200, bytes: 0 });
  expect((await ask('/healthz'))?.status).toBe(200);
  expect((await ask('/metrics', { method: 'POST', body: '[' }))?.status).toBeGreaterThanOrEqual(
    400,
  );
  expect((await ask('/models/remote/elsewhere.test/a.bin'))?.status).toBe(404);
  // A change on the server reaches an open page.
  await page.goto(`${kinemark.url}/runs`);
  await expect.poll(() => kinemark.requests).toContain('GET /runs/events');

  await context.setOffline(true);
  kinemark.forget();
  for (const path of ['/healthz', '/models/blazepose-lite.task', '/runs/list.json']) {
    expect(await ask(path)).toBeNull();
  }
  expect((await ask('/clips/actor.mp4'))?.status).toBe(200);
  expect(requestsOfPages()).toEqual([]);
});

test('every page opens offline, also by its own address, with the headers of the server', async ({
  page,
  context,
}) => {
  await openReady(page, `${kinemark.url}/`);
  await waitForOfflineApp(page);
  await context.setOffline(true);
  for (const [path, sentence] of [
    ['/runs', 'This device has made no run yet.'],
    ['/device', 'Everything has been sent.'],
    ['/runs/0197a000-0000-7000-8000-000000000001', 'this device has made no run with this id'],
    ['/nowhere/at/all', 'There is no page at this address.'],
  ] as const) {
    const response = await page.goto(kinemark.url + path);
    await expect(page.getByText(sentence)).toBeVisible();
    expect(response?.fromServiceWorker()).toBe(true);
    expect(response?.headers()['content-security-policy']).toMatch(/script-src[^;]* 'nonce-/);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  }
});

test('the page of the bench has no service worker', async ({ page }) => {
  await page.goto(`${kinemark.url}/headless`);
  await page.waitForFunction(() => 'kinemark' in globalThis);
  // Longer than the app waits for a quiet moment.
  await page.waitForFunction(
    (loadedMs) => performance.now() - loadedMs > 6000,
    await page.evaluate(() => performance.now()),
  );
  const found = await page.evaluate(async () => ({
    registrations: (await navigator.serviceWorker.getRegistrations()).length,
    isControlled: navigator.serviceWorker.controller !== null,
  }));
  expect(found).toEqual({ registrations: 0, isControlled: false });
  expect(kinemark.requests).not.toContain('GET /service-worker.js');
});
