// What the system sees of the app: it can be installed, and its service worker sends with no page open.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, test } from '@playwright/test';
import { chromiumLaunch } from '../../bench/chromium-launch.ts';
import { OUTBOX_SYNC_TAG } from '../../src/lib/offline/outbox-sync-tag.ts';
import { openReady, runToResult, waitForOfflineApp } from './offline-page.ts';
import { answeringEvents, startWatchedKinemark, statusesOf } from './watched-kinemark.ts';
import type { WatchedKinemark } from './watched-kinemark.ts';

const FRAMES = 10;
const DELIVERY_LIMIT_MS = 30_000;

let kinemark: WatchedKinemark;
test.beforeEach(async () => {
  kinemark = await startWatchedKinemark();
});
test.afterEach(() => kinemark.close());

test('the app can be installed', async () => {
  // In a profile of its own: in a private one nothing can be installed.
  const profile = mkdtempSync(join(tmpdir(), 'kinemark-profile-'));
  const context = await chromium.launchPersistentContext(profile, chromiumLaunch);
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    await openReady(page, `${kinemark.url}/`);
    await waitForOfflineApp(page);
    const cdp = await context.newCDPSession(page);
    await expect
      .poll(async () => (await cdp.send('Page.getInstallabilityErrors')).installabilityErrors)
      .toEqual([]);
    const { errors, url } = await cdp.send('Page.getAppManifest');
    expect(errors).toEqual([]);
    expect(url).toBe(`${kinemark.url}/manifest.webmanifest`);
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
});

test('a page that is hidden while it sends has the browser wake the service worker', async ({
  page,
}) => {
  await openReady(page, `${kinemark.url}/?frames=${FRAMES}`);
  await waitForOfflineApp(page);
  // Takes what it is sent, and never answers.
  kinemark.intercept(({ url, method }) => url === '/metrics' && method === 'POST');
  await runToResult(page, 'mediapipe');
  await expect(page.getByText('Sending the figures to the dashboard…')).toBeVisible();

  /** Background Sync, which TypeScript does not know. */
  const syncTags = () =>
    page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      return (registration as unknown as { sync: { getTags(): Promise<string[]> } }).sync.getTags();
    });
  expect(await syncTags()).toEqual([]);
  // As before a page is closed. Not closed for real: whether a browser then still hears it is a race.
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await expect.poll(syncTags).toEqual([OUTBOX_SYNC_TAG]);
});

test('with no page open, the service worker sends what waits when the browser wakes it', async ({
  page,
  context,
}) => {
  await openReady(page, `${kinemark.url}/?frames=${FRAMES}`);
  await waitForOfflineApp(page);
  kinemark.intercept(answeringEvents(503, { error: 'The queue is full.' }));
  await runToResult(page, 'mediapipe');
  await expect(page.getByText('Kept on this device.')).toBeVisible();

  // A page of the same browser that is none of the app's.
  const outside = await context.newPage();
  await outside.goto(`${kinemark.url}/healthz`);
  const cdp = await context.newCDPSession(outside);
  const registered = new Promise<string>((resolve) => {
    cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [registration] = registrations;
      if (registration) resolve(registration.registrationId);
    });
  });
  await cdp.send('ServiceWorker.enable');
  const registrationId = await registered;
  await page.close();
  expect(await statusesOf(kinemark)).toEqual([]);

  kinemark.intercept(null);
  await cdp.send('ServiceWorker.dispatchSyncEvent', {
    origin: kinemark.url,
    registrationId,
    tag: OUTBOX_SYNC_TAG,
    lastChance: false,
  });
  await expect
    .poll(() => statusesOf(kinemark), { timeout: DELIVERY_LIMIT_MS })
    .toEqual(['finished']);
});
