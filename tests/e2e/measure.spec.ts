// The main job, as a user does it: choose a clip, run, read the result, find it on the dashboard.
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { hasSharedAssets, sharedAsset } from '../fixtures/shared-assets.ts';
import { causesOf } from './causes-of.ts';

/** The longest a run of the actor takes on a slow machine. */
const RUN_LIMIT_MS = 150_000;
/** How soon a finished run is on the dashboard. */
const DASHBOARD_LIMIT_MS = 2000;

const ACTOR_PATH = 'static/clips/actor.mp4';

async function openReady(page: Page): Promise<void> {
  await page.goto('/');
  await expect(page.getByText('480 × 640 px, 720 frames, 24 s')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeEnabled();
}

/** What is held against the run, but for what a machine does that has other things to do. */
async function reasonsOf(page: Page): Promise<string[]> {
  return causesOf(await page.getByRole('note').locator('code').allTextContents());
}

/** Share of the canvas's pixels that are not black: 0 before anything was painted. */
function paintedShare(page: Page): Promise<number> {
  return page.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data;
    if (!pixels) return 0;
    let painted = 0;
    for (let i = 0; i < pixels.length; i += 4) painted += (pixels[i] ?? 0) > 8 ? 1 : 0;
    return painted / (pixels.length / 4);
  });
}

test('a run of the actor, with the keyboard alone', async ({ page, context }) => {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  const dashboard = await context.newPage();
  await dashboard.goto('/runs');
  await page.bringToFront();
  await openReady(page);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await expect.poll(() => paintedShare(page)).toBeGreaterThan(0.5);

  const run = page.getByRole('button', { name: 'Run', exact: true });
  for (let presses = 0; presses < 20; presses += 1) {
    await page.keyboard.press('Tab');
    if (await run.evaluate((button) => button === document.activeElement)) break;
  }
  await expect(run).toBeFocused();
  await page.keyboard.press('Enter');

  await expect(page.getByText(/Frame \d+ of 720/)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(/\d+ s left/)).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Result' })).toBeVisible({
    timeout: RUN_LIMIT_MS,
  });
  await expect(dashboard.getByRole('link', { name: /blazepose-lite/ }).first()).toBeVisible({
    timeout: DASHBOARD_LIMIT_MS,
  });
  expect(await reasonsOf(page)).toEqual([]);
  await expect(page.getByText('On the dashboard.')).toBeVisible();

  await page.getByRole('link', { name: 'See the run' }).click();
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}$/);
  await expect(page.getByText('actor.mp4').first()).toBeVisible();
  expect(complaints).toEqual([]);
});

test('a run that is cancelled is kept as such', async ({ page }) => {
  await openReady(page);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByText(/Frame \d+ of 720/)).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('heading', { name: 'Cancelled run' })).toBeVisible();
  await expect(page.getByText('The run was cancelled before its last frame.')).toBeVisible();
  await expect(page.getByText('On the dashboard.')).toBeVisible();
  await page.goto('/runs');
  await expect(page.getByText('Cancelled').first()).toBeVisible();
});

test('cancelling before the first frame keeps nothing and leaves the page usable', async ({
  page,
}) => {
  await page.route('**/models/*.task', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await route.continue().catch(() => undefined);
  });
  await openReady(page);
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByText('Loading the model…')).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByText('nothing was kept')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeEnabled();
});

test("a video of one's own, dropped on the page", async ({ page }) => {
  test.skip(!hasSharedAssets, 'needs the shared clips (KINEMARK_FIXTURES)');
  await openReady(page);
  const bytes = readFileSync(sharedAsset('clips/two_people_walking.mp4')).toString('base64');
  const transfer = await page.evaluateHandle((base64) => {
    const file = new File(
      [Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0))],
      'walk.mp4',
    );
    const data = new DataTransfer();
    data.items.add(file);
    return data;
  }, bytes);
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
  await expect(page.getByText('480 × 270 px')).toBeVisible();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Result' })).toBeVisible({
    timeout: RUN_LIMIT_MS,
  });
  await expect(page.getByText('on walk.mp4')).toBeVisible();
});

test.describe('bad input is told in one sentence, and the page stays usable', () => {
  const actor = readFileSync(ACTOR_PATH);
  const cases = [
    { name: 'empty.mp4', buffer: Buffer.alloc(0), sentence: /empty\.mp4 is empty/ },
    { name: 'notes.mp4', buffer: Buffer.from('Not a film.'), sentence: /none of MP4, MOV, WebM/ },
    { name: 'old.avi', buffer: Buffer.from('RIFF\x10\0\0\0AVI LIST'), sentence: /is an AVI file/ },
    { name: 'head.mp4', buffer: actor.subarray(0, 200), sentence: /index is missing or damaged/ },
  ];
  for (const { name, buffer, sentence } of cases) {
    test(name, async ({ page }) => {
      await openReady(page);
      await page.getByTestId('clip-file').setInputFiles({ name, mimeType: 'video/mp4', buffer });
      await expect(page.getByText(sentence)).toBeVisible();
      await expect(page.getByText('480 × 640 px')).toBeVisible();
      await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeEnabled();
    });
  }

  test('a model that the server does not have', async ({ page }) => {
    await page.route('**/models/*.task', (route) => route.fulfill({ status: 404 }));
    await openReady(page);
    const posts: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') posts.push(request.url());
    });
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(
      page.getByText(/blazepose-lite\.task is not on this server.*npm run models/),
    ).toBeVisible({ timeout: 30_000 });
    expect(posts).toEqual([]);
  });
});

test('without a server, a run is kept on the device and delivered later', async ({ page }) => {
  test.skip(!hasSharedAssets, 'needs the shared clips (KINEMARK_FIXTURES)');
  await openReady(page);
  await page.getByTestId('clip-file').setInputFiles(sharedAsset('clips/two_people_walking.mp4'));
  await expect(page.getByText('480 × 270 px')).toBeVisible();
  await page.route('**/metrics', (route) => route.abort());
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByText('Kept on this device.')).toBeVisible({ timeout: RUN_LIMIT_MS });
  await page.unroute('**/metrics');
  // The page that goes, the one that comes or the service worker sends it: whoever is first.
  await page.reload();
  await page.goto('/device');
  await expect(page.getByText('Everything has been sent.')).toBeVisible({ timeout: 60_000 });
  await page.goto('/runs');
  await expect(page.getByText('two_people_walking.mp4').first()).toBeVisible();
});
