// What tests of the offline app do on a page, as a user would.
import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';

/** The longest a run of the actor takes on a slow machine. */
export const RUN_LIMIT_MS = 150_000;
/** Registering waits for a quiet moment, installing fetches some MB. */
export const INSTALL_LIMIT_MS = 30_000;
/** A page that starts, also beside a service worker that is being installed. */
const READY_LIMIT_MS = 30_000;
/** Starts an engine once. */
const KEEP_LIMIT_MS = 60_000;

/** Waits until the page goes through the service worker. */
export async function waitForOfflineApp(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null, null, {
    timeout: INSTALL_LIMIT_MS,
  });
}

/** Opens a path of the app and waits until a run can be started. */
export async function openReady(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await expectReady(page);
}

/** The clip is there and a run can be started. */
export async function expectReady(page: Page): Promise<void> {
  await expect(page.getByText('480 × 640 px, 720 frames, 24 s')).toBeVisible({
    timeout: READY_LIMIT_MS,
  });
  await expect(runButton(page)).toBeEnabled();
}

export function runButton(page: Page) {
  return page.getByRole('button', { name: 'Run', exact: true });
}

/** Chooses an engine, and keeps what it needs for use offline. */
export async function keepForOffline(page: Page, engine: string): Promise<void> {
  await page.getByLabel('Engine').selectOption(engine);
  const state = page.getByTestId('offline-state');
  const keep = state.getByRole('button', { name: 'Keep for offline use' });
  const kept = state.getByText('Works offline');
  await expect(keep.or(kept)).toBeVisible({ timeout: READY_LIMIT_MS });
  if (await keep.isVisible()) await keep.click();
  await expect(kept).toBeVisible({ timeout: KEEP_LIMIT_MS });
}

/** Runs the chosen target to its end. */
export async function runToResult(page: Page, engine: string): Promise<void> {
  await page.getByLabel('Engine').selectOption(engine);
  await runButton(page).click();
  await expect(page.getByRole('heading', { name: 'Result' })).toBeVisible({
    timeout: RUN_LIMIT_MS,
  });
}

/** Ends a page's process, as when the system does it: the page learns nothing of it. */
export async function killTab(page: Page): Promise<void> {
  const gone = page.waitForEvent('crash');
  const cdp = await page.context().newCDPSession(page);
  cdp.send('Page.crash').catch(() => undefined);
  await gone;
  await page.close();
}

/**
 * Takes the network away, and what the browser keeps by itself: it would answer for what the service worker
 * does not have.
 */
export async function goOffline(page: Page): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Network.clearBrowserCache');
  await cdp.detach();
  await page.context().setOffline(true);
}

/** Ends the service worker, as the browser does when nothing has been asked for a while. */
export async function stopServiceWorker(page: Page): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('ServiceWorker.enable');
  await cdp.send('ServiceWorker.stopAllWorkers');
  await cdp.detach();
}

/** The names of the page's caches, and the paths in those whose name begins so. */
export function cachedPaths(page: Page, prefix: string): Promise<string[]> {
  return page.evaluate(async (wanted) => {
    const names = (await caches.keys()).filter((name) => name.startsWith(wanted));
    const lists = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
    return lists.flat().map(({ url }) => new URL(url).pathname);
  }, prefix);
}

/** A number that is gone when the page is loaded anew. */
export async function mark(page: Page): Promise<void> {
  await page.evaluate(() => Object.assign(globalThis, { marked: true }));
}

/** Whether the page is the one that was marked. */
export function isMarked(page: Page): Promise<boolean> {
  return page.evaluate(() => 'marked' in globalThis);
}
