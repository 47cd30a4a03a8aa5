// The page of this device, and what the system sees of the app: installable, and sending by itself.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { chromiumLaunch } from '../../bench/chromium-launch.ts';
import { OUTBOX_SYNC_TAG } from '../../src/lib/offline/outbox-sync-tag.ts';
import { openReady, runToResult, waitForOfflineApp } from './offline-page.ts';
import { startWatchedKinemark } from './watched-kinemark.ts';
import type { Interceptor, WatchedKinemark } from './watched-kinemark.ts';

const FRAMES = 10;
const DELIVERY_LIMIT_MS = 30_000;

let kinemark: WatchedKinemark;
test.beforeEach(async () => {
  kinemark = await startWatchedKinemark();
});
test.afterEach(() => kinemark.close());

/** Answers what devices send. */
function answeringEvents(status: number, body: object): Interceptor {
  return ({ url, method }, response) => {
    if (url !== '/metrics' || method !== 'POST') return false;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    return true;
  };
}

async function statuses(): Promise<readonly string[]> {
  return (await kinemark.store.listRuns({ limit: 10 })).map(({ status }) => status);
}

async function runOne(page: Page): Promise<void> {
  await openReady(page, `${kinemark.url}/?frames=${FRAMES}`);
  await runToResult(page, 'mediapipe');
}

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

test('what a server refused stays until the user decides', async ({ page }) => {
  kinemark.intercept(answeringEvents(400, { error: 'This server takes no runs of the actor.' }));
  await runOne(page);
  await page.getByRole('link', { name: 'This device' }).click();
  await expect(page.getByRole('heading', { name: /^Refused for good: \d+ events$/ })).toBeVisible();
  await expect(page.getByText('This server takes no runs of the actor.')).toBeVisible();
  await expect(page.getByText(/^\d+ events refused$/)).toBeVisible();

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export as JSON' }).click();
  const exported = JSON.parse(readFileSync(await (await download).path(), 'utf8')) as {
    entries: { event: { type: string } }[];
  };
  const types = exported.entries.map(({ event }) => event.type);
  expect(types.at(0)).toBe('kinemark.run.started.v1');
  expect(types.at(-1)).toBe('kinemark.run.finished.v1');

  // Leaving the button takes the question back.
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(page.getByRole('button', { name: /^Discard \d+ events for good$/ })).toBeVisible();
  await page.getByRole('heading', { name: 'This device', exact: true }).click();
  await expect(page.getByRole('button', { name: 'Discard', exact: true })).toBeVisible();

  kinemark.intercept(null);
  await page.getByRole('button', { name: 'Send again' }).click();
  await expect.poll(statuses, { timeout: DELIVERY_LIMIT_MS }).toEqual(['finished']);
  await expect(page.getByText('Everything has been sent.')).toBeVisible();
  await expect(page.getByText('Refused for good')).toHaveCount(0);
  await expect(page.getByText('Sent', { exact: true })).toBeVisible();
});

test('what waits is told, and goes when the user says so', async ({ page }) => {
  // A server that wants nothing for long: only the button can be what sends.
  kinemark.intercept((request, response, next) => {
    response.setHeader('retry-after', '3600');
    return answeringEvents(503, { error: 'The queue is full.' })(request, response, next);
  });
  await runOne(page);
  await expect(page.getByText('Kept on this device.')).toBeVisible();
  await page.getByRole('link', { name: 'This device' }).click();
  await expect(page.getByText(/^\d+ events wait$/)).toBeVisible();
  await expect(
    page.getByText(/Not sent yet because .*queue is full.*Next try in \d+ min \d+ s\./),
  ).toBeVisible();
  expect(await statuses()).toEqual([]);

  // The run itself is there, from this device.
  await page.getByRole('link', { name: 'mediapipe/blazepose-lite@wasm' }).click();
  await expect(page.getByText('This run has not reached the server yet.')).toBeVisible();
  await page.goBack();

  kinemark.intercept(null);
  await page.getByRole('button', { name: 'Try again now' }).click();
  await expect.poll(statuses, { timeout: DELIVERY_LIMIT_MS }).toEqual(['finished']);
  await expect(page.getByText('Everything has been sent.')).toBeVisible();
});

test('room can be made, and figures stay', async ({ page }) => {
  await openReady(page, `${kinemark.url}/?frames=70`);
  await waitForOfflineApp(page);
  await runToResult(page, 'mediapipe');
  await expect(page.getByText('On the dashboard.')).toBeVisible();
  await page.getByRole('link', { name: 'This device' }).click();
  const parts = (label: string) =>
    page.locator('dl > div', { has: page.getByText(label, { exact: true }) }).locator('dd');
  await expect(parts('Engines')).not.toHaveText(/^0 MB$/);
  await expect(parts('Weights of models')).not.toHaveText(/^0 MB$/);
  await page.getByRole('button', { name: 'Let go of raw samples' }).click();
  await page.getByRole('button', { name: /^Let go of .* for good$/ }).click();
  await expect(parts('Raw samples of runs')).toHaveText('0 MB');
  await page.getByRole('button', { name: 'Forget engines' }).click();
  await page.getByRole('button', { name: /^Forget .* MB/ }).click();
  await expect(parts('Engines')).toHaveText('0 MB');
  await expect(page.getByText('1 run keeps all figures')).toBeVisible();
  await expect(page.getByText('Sent', { exact: true })).toBeVisible();
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
  expect(await statuses()).toEqual([]);

  kinemark.intercept(null);
  await cdp.send('ServiceWorker.dispatchSyncEvent', {
    origin: kinemark.url,
    registrationId,
    tag: OUTBOX_SYNC_TAG,
    lastChance: false,
  });
  await expect.poll(statuses, { timeout: DELIVERY_LIMIT_MS }).toEqual(['finished']);
});
