// The page of this device: what it says of what waits, was refused or is kept, and what its buttons do.
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import type { KinemarkDatabase, StoredRun } from '../../src/lib/storage/database.ts';
import { STARTED_AT, windowEvent } from '../fixtures/events.ts';
import { plan } from '../fixtures/run-plans.ts';
import { openReady, runToResult, waitForOfflineApp } from './offline-page.ts';
import { answeringEvents, startWatchedKinemark, statusesOf } from './watched-kinemark.ts';
import type { WatchedKinemark } from './watched-kinemark.ts';

const FRAMES = 10;
const DELIVERY_LIMIT_MS = 30_000;
/** Presses sooner than this after a question are no answers to it. */
const READING_MS = 700;
/** Of a key that is held down: together longer than any question must stand. */
const REPEATS = 20;
const REPEAT_MS = 50;

let kinemark: WatchedKinemark;
test.beforeEach(async () => {
  kinemark = await startWatchedKinemark();
});
test.afterEach(() => kinemark.close());

async function runOne(page: Page): Promise<void> {
  await openReady(page, `${kinemark.url}/?frames=${FRAMES}`);
  await runToResult(page, 'mediapipe');
}

/** Stores records on the device as another tab does, and tells the page so. */
async function keep<Name extends 'runs' | 'rejected'>(
  page: Page,
  name: Name,
  records: readonly KinemarkDatabase[Name]['value'][],
): Promise<void> {
  await page.evaluate(
    ([storeName, kept]) =>
      new Promise<void>((resolve, reject) => {
        const opening = indexedDB.open('kinemark');
        opening.onerror = () => reject(opening.error ?? new Error('No database.'));
        opening.onsuccess = () => {
          const db = opening.result;
          const tx = db.transaction(storeName, 'readwrite');
          for (const record of kept) tx.objectStore(storeName).add(record);
          tx.oncomplete = () => {
            db.close();
            new BroadcastChannel('kinemark-storage').postMessage('changed');
            resolve();
          };
        };
      }),
    [name, records] as const,
  );
}

/** Answers the question of a button, as somebody does who has read it. */
async function confirm(page: Page, name: RegExp): Promise<void> {
  await page.waitForTimeout(READING_MS);
  await page.getByRole('button', { name }).click();
}

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
  await expect
    .poll(() => statusesOf(kinemark), { timeout: DELIVERY_LIMIT_MS })
    .toEqual(['finished']);
  await expect(page.getByText('Everything has been sent.')).toBeVisible();
  await expect(page.getByText('Refused for good')).toHaveCount(0);
  await expect(page.getByText('Sent', { exact: true })).toBeVisible();
});

test('nothing is discarded by accident, a failure is told, and what was discarded is not called sent', async ({
  page,
}) => {
  kinemark.intercept(answeringEvents(400, { error: 'This server takes no runs of the actor.' }));
  await runOne(page);
  await page.getByRole('link', { name: 'This device' }).click();
  const refused = page.getByText('Refused for good');
  const discard = page.getByRole('button', { name: 'Discard', exact: true });
  const question = page.getByRole('button', { name: /^Discard \d+ events for good$/ });
  const announced = page.getByRole('status').filter({ hasText: /for good\? Press again/ });
  await expect(refused).toBeVisible();
  await expect(page.getByText('Nothing waits to be sent.')).toBeVisible();
  await expect(announced).toHaveCount(0);

  await discard.dblclick();
  await expect(question).toBeVisible();
  await expect(announced).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(discard).toBeFocused();

  for (let n = 0; n < REPEATS; n++) {
    await page.keyboard.down('Enter');
    await page.waitForTimeout(REPEAT_MS);
  }
  await page.keyboard.up('Enter');
  await expect(question).toBeFocused();
  await expect(refused).toBeVisible();

  await page.evaluate(() => {
    const { prototype } = IDBObjectStore;
    const original = Object.getOwnPropertyDescriptor(prototype, 'delete') ?? {};
    const restore = (): unknown => Object.defineProperty(prototype, 'delete', original);
    Object.assign(globalThis, { restore });
    prototype.delete = () => {
      throw new DOMException('The disk is broken.', 'UnknownError');
    };
  });
  await page.keyboard.press('Enter');
  const failure = page.getByText('That did not work because the browser’s storage failed');
  await expect(failure).toBeVisible();
  // What is read anew afterwards, as when another tab has one more of them, leaves it there.
  const before = await refused.innerText();
  await keep(page, 'rejected', [{ event: windowEvent(0), reason: 'Too old.', refusedAt: null }]);
  await expect(refused).not.toHaveText(before);
  await expect(failure).toBeVisible();
  await expect(refused).toBeVisible();

  await page.evaluate(() => (globalThis as unknown as { restore(): void }).restore());
  await discard.focus();
  await page.keyboard.press('Enter');
  await page.waitForTimeout(READING_MS);
  await page.keyboard.press('Enter');
  const card = page.getByRole('region', { name: 'Delivery' });
  await expect(card.getByRole('status').getByText(/^Discarded: \d+ events\.$/)).toBeVisible();
  await expect(card.getByRole('heading', { name: 'Delivery' })).toBeFocused();
  await expect(refused).toHaveCount(0);
  await expect(page.getByText(/^\d+ events discarded$/)).toBeVisible();
  await expect(page.getByText('Nothing waits to be sent.')).toBeVisible();
  await expect(page.getByText('Sent', { exact: true })).toHaveCount(0);
});

test('where storage is denied, nothing is said to be sent or empty', async ({ page }) => {
  await page.addInitScript(() => {
    indexedDB.open = () => {
      throw new DOMException('Storage is denied.', 'SecurityError');
    };
  });
  await page.goto(`${kinemark.url}/device`);
  await expect(page.getByRole('alert')).toContainText('This browser denies storage to the page.');
  await expect(page.getByText('What waits on this device could not be read.')).toBeVisible();
  await expect(page.getByText('The runs of this device could not be read.')).toBeVisible();
  await expect(page.getByText('Everything has been sent.')).toHaveCount(0);
  await expect(page.getByText('No run has been made')).toHaveCount(0);
});

test('a long list of runs unfolds, and the focus is on the first line that was not there', async ({
  page,
}) => {
  await page.goto(`${kinemark.url}/device`);
  await expect(page.getByText('No run has been made on this device yet.')).toBeVisible();
  const runs = Array.from({ length: 12 }, (_, n): StoredRun => {
    const runId = `0197a000-0000-7000-8000-0000000000${n + 10}`;
    const startedAt = new Date(Date.parse(STARTED_AT) - n * 60_000).toISOString();
    return {
      ...{ runId, startedAt, plan, skeleton: 'blazepose-33', started: null, summary: null },
      ...{ interruptedAt: startedAt, nextSequence: 1, samplesBytes: 0 },
    };
  });
  await keep(page, 'runs', runs);
  const links = page.getByRole('region', { name: 'Runs of this device' }).getByRole('link');
  await expect(links).toHaveCount(10);
  await page.getByRole('button', { name: 'Show all 12' }).focus();
  await page.keyboard.press('Enter');
  await expect(links).toHaveCount(12);
  await expect(links.nth(10)).toBeFocused();
});

test('a network that wants a log-in, and dead letters without a network, are a sentence', async ({
  page,
  context,
}) => {
  await page.goto(`${kinemark.url}/device`);
  await waitForOfflineApp(page);
  kinemark.intercept(({ url }, response) => {
    if (!url?.endsWith('/list.json')) return false;
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Log in</html>');
    return true;
  });
  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  await expect(
    page.getByText('The server cannot be reached. These are the runs of this device'),
  ).toBeVisible();

  kinemark.intercept(null);
  await context.setOffline(true);
  const response = await page.goto(`${kinemark.url}/dead-letters`);
  expect(response?.fromServiceWorker()).toBe(true);
  await expect(
    page.getByText('The server cannot be reached, and nobody else has its dead letters.'),
  ).toBeVisible();
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
  // What changes each second is not read out.
  await expect(page.getByRole('status').filter({ hasText: 'queue is full' })).toHaveCount(1);
  await expect(page.getByRole('status').filter({ hasText: 'Next try' })).toHaveCount(0);
  expect(await statusesOf(kinemark)).toEqual([]);

  // The run itself is there, from this device.
  await page.getByRole('link', { name: 'mediapipe/blazepose-lite@wasm' }).click();
  await expect(page.getByText('This run has not reached the server yet.')).toBeVisible();
  await page.goBack();

  kinemark.intercept(null);
  const again = page.getByRole('button', { name: 'Try again now' });
  await again.click();
  await expect
    .poll(() => statusesOf(kinemark), { timeout: DELIVERY_LIMIT_MS })
    .toEqual(['finished']);
  await expect(page.getByText('Everything has been sent.')).toBeVisible();
  await expect(again).toBeDisabled();
  await expect(again).toBeFocused();
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
  await confirm(page, /^Let go of .* for good$/);
  await expect(parts('Raw samples of runs')).toHaveText('0 MB');
  await page.getByRole('button', { name: 'Forget engines' }).click();
  await confirm(page, /^Forget .* MB/);
  await expect(parts('Engines')).toHaveText('0 MB');
  await expect(page.getByText('1 run keeps all figures')).toBeVisible();
  await expect(page.getByText('Sent', { exact: true })).toBeVisible();
});
