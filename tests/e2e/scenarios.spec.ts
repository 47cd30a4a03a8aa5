// Scenarios, the camera, ground truth and plans in the app, as a user meets them.
import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { chromiumLaunch } from '../../bench/chromium-launch.ts';

const RUN_LIMIT_MS = 150_000;
const ACTOR_PATH = 'static/clips/actor.mp4';
const ACTOR_TRUTH = 'static/clips/actor.gt.json';

/** A camera that everybody may use: Chromium's own moving test picture. */
const FAKE_CAMERA = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
test.use({ launchOptions: { ...chromiumLaunch, args: [...chromiumLaunch.args, ...FAKE_CAMERA] } });

async function openReady(page: Page, path = '/?frames=70'): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeEnabled();
}

async function runToEnd(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Result' })).toBeVisible({
    timeout: RUN_LIMIT_MS,
  });
  await expect(page.getByText('On the dashboard.')).toBeVisible();
}

test('a live run, and the same again from its link', async ({ page }) => {
  await openReady(page);
  await page.getByLabel('Engine').selectOption('litert');
  await page.getByLabel('Scenario').selectOption('live');
  await runToEnd(page);
  await expect(page.getByText('Deadlines missed')).toBeVisible();
  await page.getByRole('link', { name: 'See the run' }).click();
  await expect(page.getByText('Keeping up with the source')).toBeVisible();
  await page.getByRole('link', { name: /Run this again/ }).click();

  await expect(page.getByText(/Set as in a plan for litert\/blazepose-lite@wasm/)).toBeVisible();
  await expect(page.getByLabel('Engine')).toHaveValue('litert');
  await expect(page.getByLabel('Scenario')).toHaveValue('live');
  await runToEnd(page);
  await expect(page.getByText('source-changed')).toHaveCount(0);
});

test('a plan on another clip is told apart, and so is a link that was cut off', async ({
  page,
}) => {
  await openReady(page);
  await runToEnd(page);
  await page.getByRole('link', { name: 'See the run' }).click();
  const link = await page.getByRole('link', { name: /Run this again/ }).getAttribute('href');
  if (!link) throw new Error('There is no link.');
  const plan = JSON.parse(
    Buffer.from(link.replace('/?plan=', ''), 'base64url').toString(),
  ) as Record<string, unknown>;
  const other = {
    ...plan,
    source: { kind: 'actor', name: 'actor.mp4', framesDigest: 'e'.repeat(64) },
  };
  await openReady(page, `/?plan=${Buffer.from(JSON.stringify(other)).toString('base64url')}`);
  await runToEnd(page);
  await expect(page.getByText('source-changed')).toBeVisible();
  await expect(page.getByText(/Choose the original clip/)).toBeVisible();

  await openReady(page, link.slice(0, 60));
  await expect(page.getByText(/The plan in this link is incomplete/)).toBeVisible();
});

test('the camera, live, for ten seconds', async ({ page }) => {
  await openReady(page);
  await page.getByRole('button', { name: 'Camera' }).click();
  await expect(page.getByText('nothing is recorded')).toBeVisible();
  await expect(page.getByLabel('Scenario')).toHaveValue('live');
  await expect(page.getByLabel('Scenario')).toBeDisabled();
  await runToEnd(page);
  await page.getByRole('link', { name: 'See the run' }).click();
  await expect(page.getByText('no fixed number of frames')).toBeVisible();
  await expect(page.getByText(/A camera has no file/).first()).toBeVisible();
});

test("ground truth beside a clip of one's own", async ({ page }) => {
  await openReady(page);
  await page.getByTestId('clip-file').setInputFiles(ACTOR_PATH);
  await page.getByTestId('truth-file').setInputFiles(ACTOR_TRUTH);
  await expect(page.getByText('actor.gt.json')).toBeVisible();
  await runToEnd(page);
  await expect(page.getByText('Mean OKS')).toBeVisible();

  const notTruth = { name: 'notes.json', mimeType: 'application/json', buffer: Buffer.from('{}') };
  await page.getByTestId('truth-file').setInputFiles(notTruth);
  await expect(page.getByText(/notes\.json is not in COCO format/)).toBeVisible();
});

test('a plan from a file, or a sentence why it is none', async ({ page }) => {
  await openReady(page);
  const broken = { name: 'plan.json', mimeType: 'application/json', buffer: Buffer.from('{') };
  await page.getByTestId('plan-file').setInputFiles(broken);
  await expect(page.getByText(/plan\.json is not JSON/)).toBeVisible();

  await runToEnd(page);
  await page.getByRole('link', { name: 'See the run' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download plan' }).click();
  const path = await (await download).path();
  const buffer = readFileSync(path);
  await openReady(page);
  await page.getByTestId('plan-file').setInputFiles({ ...broken, buffer });
  await expect(page.getByText(/Set as in a plan for mediapipe/)).toBeVisible();
});

test('a processor that is busy before the run is told', async ({ page }) => {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Emulation.setPressureSourceOverrideEnabled', { source: 'cpu', enabled: true });
  await openReady(page);
  await cdp.send('Emulation.setPressureStateOverride', { source: 'cpu', state: 'critical' });
  await runToEnd(page);
  await expect(page.getByText('device-busy')).toBeVisible();
});
