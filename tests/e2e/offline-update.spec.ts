// A new version of the app: ready when the user wants it, never under a run, and whole or not at all.
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { VERSION_HEADER } from '../../src/lib/offline/version-header.ts';
import {
  INSTALL_LIMIT_MS,
  RUN_LIMIT_MS,
  cachedPaths,
  expectReady,
  goOffline,
  isMarked,
  mark,
  openReady,
  runButton,
  stopServiceWorker,
  waitForOfflineApp,
} from './offline-page.ts';
import { currentVersion, servingVersion, startWatchedKinemark } from './watched-kinemark.ts';
import type { WatchedKinemark } from './watched-kinemark.ts';

const TEST_LIMIT_MS = 300_000;
const NEXT_VERSION = 'the-next-one';

let kinemark: WatchedKinemark;
test.beforeEach(async () => {
  kinemark = await startWatchedKinemark();
});
test.afterEach(() => kinemark.close());

/** As the browser does by itself when a page is opened. */
async function lookForUpdate(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    await registration?.update();
  });
}

function cacheNames(page: Page): Promise<string[]> {
  return page.evaluate(async () =>
    (await caches.keys()).filter((name) => name.startsWith('kinemark-app-')),
  );
}

test('a version that is ready waits for the user, and for the end of a run', async ({
  page,
  context,
}) => {
  test.setTimeout(TEST_LIMIT_MS);
  await openReady(page, `${kinemark.url}/`);
  await waitForOfflineApp(page);
  const other = await context.newPage();
  await other.goto(`${kinemark.url}/runs`);
  await page.bringToFront();
  await runButton(page).click();
  await expect(page.getByText(/Frame \d+ of 720/)).toBeVisible({ timeout: RUN_LIMIT_MS });
  await Promise.all([mark(page), mark(other)]);

  kinemark.intercept(servingVersion(NEXT_VERSION));
  await lookForUpdate(other);
  await expect(other.getByText('A new version is ready.')).toBeVisible({
    timeout: INSTALL_LIMIT_MS,
  });
  await other.getByRole('button', { name: 'Update' }).click();
  await expect(other.getByText('A run is going on in this browser.')).toBeVisible();
  expect(await isMarked(page)).toBe(true);
  expect(await isMarked(other)).toBe(true);

  await expect(page.getByRole('heading', { name: 'Result' })).toBeVisible({
    timeout: RUN_LIMIT_MS,
  });
  await expect(page.getByText('On the dashboard.')).toBeVisible();
  const weights = await cachedPaths(page, 'kinemark-weights');
  await other.getByRole('button', { name: 'Update' }).click();
  for (const tab of [page, other]) {
    await expect.poll(() => isMarked(tab).catch(() => true)).toBe(false);
    await expect(tab.getByText('A new version is ready.')).toHaveCount(0);
  }
  await expect
    .poll(() => cacheNames(other).catch(() => []))
    .toEqual([`kinemark-app-${NEXT_VERSION}`]);
  expect(weights.length).toBeGreaterThan(0);
  expect(await cachedPaths(other, 'kinemark-weights')).toEqual(weights);
});

test('until it is wanted a new version runs nowhere, and then it opens offline', async ({
  page,
}) => {
  const shownVersion = async () => (await page.reload())?.headers()[VERSION_HEADER];
  await openReady(page, `${kinemark.url}/`);
  await waitForOfflineApp(page);
  kinemark.intercept(servingVersion(NEXT_VERSION));
  await lookForUpdate(page);
  const note = page.getByText('A new version is ready.');
  await expect(note).toBeVisible({ timeout: INSTALL_LIMIT_MS });
  // A browser ends a service worker after half a minute; the next one begins with tidying up.
  await stopServiceWorker(page);
  expect(await shownVersion()).toBe(currentVersion());
  await expectReady(page);
  await expect(note).toBeVisible({ timeout: INSTALL_LIMIT_MS });
  expect((await cacheNames(page)).toSorted()).toEqual(
    [`kinemark-app-${currentVersion()}`, `kinemark-app-${NEXT_VERSION}`].toSorted(),
  );

  await mark(page);
  await page.getByRole('button', { name: 'Update' }).click();
  await expect.poll(() => isMarked(page).catch(() => true)).toBe(false);
  await expectReady(page);
  expect(await shownVersion()).toBe(NEXT_VERSION);
  await expect.poll(() => cacheNames(page)).toEqual([`kinemark-app-${NEXT_VERSION}`]);
  await goOffline(page);
  expect(await shownVersion()).toBe(NEXT_VERSION);
  await expectReady(page);
});

test("what a later version's server answers ends in a sentence, whatever it is", async ({
  page,
}) => {
  await openReady(page, `${kinemark.url}/`);
  await waitForOfflineApp(page);
  const serveNext = servingVersion(NEXT_VERSION);
  let list = '{"pages":[]}';
  kinemark.intercept((request, response, next) => {
    if (request.url !== '/runs/list.json') return serveNext(request, response, next);
    response.writeHead(200, { 'content-type': 'application/json' }).end(list);
    return true;
  });
  for (const [answer, sentence] of [
    ['{"pages":[]}', 'this version of the app cannot read the server’s answer'],
    // No JSON: as a network that wants a log-in answers.
    ['<!doctype html>', 'The server cannot be reached. These are the runs of this device'],
  ] as const) {
    list = answer;
    await page.goto(`${kinemark.url}/runs`);
    await expect(page.getByText(sentence)).toBeVisible();
  }
  // The way out of it.
  await page.getByRole('link', { name: 'Kinemark' }).click();
  await expectReady(page);

  // An address that has nothing does not load itself again in the hope for the new version.
  for (const [path, sentence] of [
    ['/runs/0197a000-0000-7000-8000-000000000001', 'No run with this id has reached this server.'],
    ['/nowhere/at/all', 'There is no page at this address.'],
  ] as const) {
    await page.goto(kinemark.url + path);
    await expect(page.getByText(sentence)).toBeVisible();
  }
});

test('a tab that measures is not reloaded, however the new version came to power', async ({
  page,
}) => {
  test.setTimeout(TEST_LIMIT_MS);
  await openReady(page, `${kinemark.url}/`);
  await waitForOfflineApp(page);
  await runButton(page).click();
  await expect(page.getByText(/Frame \d+ of 720/)).toBeVisible({ timeout: RUN_LIMIT_MS });
  await mark(page);
  kinemark.intercept(servingVersion(NEXT_VERSION));
  await lookForUpdate(page);
  await expect(page.getByText('A new version is ready.')).toBeVisible({
    timeout: INSTALL_LIMIT_MS,
  });
  // As from the browser's developer tools, which ask nobody.
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('ServiceWorker.enable');
  await cdp.send('ServiceWorker.skipWaiting', { scopeURL: `${kinemark.url}/` });
  await expect(page.getByText('A new version is in use.')).toBeVisible();
  // The files of the version that measures are still there.
  expect(await cacheNames(page)).toContain(`kinemark-app-${currentVersion()}`);
  await expect(page.getByRole('heading', { name: 'Result' })).toBeVisible({
    timeout: RUN_LIMIT_MS,
  });
  await expect(page.getByText('On the dashboard.')).toBeVisible();
  expect(await isMarked(page)).toBe(true);
});

test('a version that cannot be had whole leaves the one in use as it is, and is told', async ({
  page,
  context,
}) => {
  await openReady(page, `${kinemark.url}/`);
  await waitForOfflineApp(page);
  const serveNext = servingVersion(NEXT_VERSION);
  kinemark.intercept((request, response, next) => {
    if (request.url !== '/icons/icon-512.png') return serveNext(request, response, next);
    response.writeHead(500).end();
    return true;
  });
  await page.getByRole('link', { name: 'This device' }).click();
  await lookForUpdate(page).catch(() => undefined);
  await expect(
    page.getByText(/could not be kept.* answered \/icons\/icon-512\.png with HTTP 500/),
  ).toBeVisible({ timeout: INSTALL_LIMIT_MS });
  await expect(page.getByText('A new version is ready.')).toHaveCount(0);
  expect(await cacheNames(page)).toEqual([`kinemark-app-${currentVersion()}`]);
  await context.setOffline(true);
  await openReady(page, `${kinemark.url}/`);
});
