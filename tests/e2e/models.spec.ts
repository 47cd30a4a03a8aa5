// Models that Kinemark does not carry, as a user meets them: fetched from elsewhere, bound by a licence,
// brought along, or not for this device.
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { readConfig } from '../../server/config.server.ts';
import { startKinemark } from '../../server/kinemark.server.ts';
import { hasSharedAssets, sharedAsset } from '../fixtures/shared-assets.ts';
import { startModelMirror } from './model-mirror.ts';

const MOVENET =
  'models/movenet-singlepose-lightning-int8-tflite/movenet_single_pose_lightning_ptq.tflite';
/** Enough for a run; its verdict does not matter here. */
const FRAMES = 10;
const RUN_LIMIT_MS = 60_000;

async function open(page: Page, origin = ''): Promise<void> {
  await page.goto(`${origin}/?frames=${FRAMES}`);
  await expect(page.getByText('480 × 640 px, 720 frames, 24 s')).toBeVisible();
}

function runButton(page: Page) {
  return page.getByRole('button', { name: 'Run', exact: true });
}

async function runToResult(page: Page): Promise<void> {
  await runButton(page).click();
  await expect(page.getByRole('heading', { name: 'Result' })).toBeVisible({
    timeout: RUN_LIMIT_MS,
  });
}

test.describe('from elsewhere', () => {
  test.skip(!hasSharedAssets, 'needs the shared networks (KINEMARK_FIXTURES)');

  test('weights come once, by way of our server, also when the first attempt breaks off', async ({
    page,
  }) => {
    const mirror = await startModelMirror(1_000_000);
    const dataFolder = mkdtempSync(join(tmpdir(), 'kinemark-models-test-'));
    const kinemark = await startKinemark({
      ...readConfig({}),
      port: 0,
      dataFolder,
      logLevel: 'silent',
      modelMirror: mirror.url,
    });
    try {
      await open(page, kinemark.url);
      await page.getByLabel('Model').selectOption('posenet-mobilenetv1-050');
      await expect(page.getByText(/fetched once from storage\.googleapis\.com/)).toBeVisible();
      expect(mirror.requests).toEqual([]);
      await runToResult(page);
      await expect(page.getByText('tfjs/posenet-mobilenetv1-050@wasm on')).toBeVisible();
      await expect(page.getByText(/MB · on this device/)).toBeVisible();
      expect(mirror.requests.filter((request) => request.includes('bytes='))).toHaveLength(1);

      const before = mirror.requests.length;
      await page.reload();
      await page.getByLabel('Model').selectOption('posenet-mobilenetv1-050');
      await expect(page.getByText(/MB · on this device/)).toBeVisible();
      await runToResult(page);
      expect(mirror.requests).toHaveLength(before);

      await page.getByRole('button', { name: 'Forget these weights' }).click();
      await expect(page.getByText(/fetched once from storage\.googleapis\.com/)).toBeVisible();
      await expect(page.getByRole('button', { name: 'Forget these weights' })).toBeHidden();
    } finally {
      await kinemark.close();
      await mirror.close();
      rmSync(dataFolder, { recursive: true });
    }
  });

  test('a model whose licence binds its users is not fetched before they agree', async ({
    page,
  }) => {
    const asked: string[] = [];
    await page.route('**/models/remote/**', (route) => {
      asked.push(route.request().url());
      return route.fulfill({ status: 502, json: { error: 'The publisher is away. Try later.' } });
    });
    await open(page);
    await page.getByLabel('Model').selectOption('yolo11n-pose');
    await expect(page.getByText(/licensed by Ultralytics under the AGPL-3\.0/)).toBeVisible();
    await expect(runButton(page)).toBeDisabled();
    expect(asked).toEqual([]);
    await page.getByLabel('I have read this and may use the model').check();
    await runButton(page).click();
    await expect(page.getByText(/The publisher is away/)).toBeVisible({ timeout: RUN_LIMIT_MS });
    expect(asked.length).toBeGreaterThan(0);
    await expect(runButton(page)).toBeEnabled();
  });
});

test.describe('of their own', () => {
  test.skip(!hasSharedAssets, 'needs the shared networks (KINEMARK_FIXTURES)');

  test('dropped, confirmed, run, still there after a reload, and removed', async ({ page }) => {
    await open(page);
    const bytes = readFileSync(sharedAsset(MOVENET)).toString('base64');
    const transfer = await page.evaluateHandle((base64) => {
      const content = Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0));
      const data = new DataTransfer();
      data.items.add(new File([content], 'my-movenet.tflite'));
      return data;
    }, bytes);
    await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
    const dialog = page.getByRole('dialog', { name: 'Add your own model' });
    await expect(dialog.getByText('1 × 192 × 192 × 3 uint8')).toBeVisible();
    await expect(dialog.getByLabel('Pipeline')).toContainText('movenet-single');
    await dialog.getByLabel('Name').fill('My MoveNet');
    // A second one must not take its place behind the dialog.
    await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
    await expect(dialog.getByLabel('Name')).toHaveValue('My MoveNet');
    await page.keyboard.press('Enter');
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('button', { name: 'Your own model…' })).toBeFocused();
    await runToResult(page);
    await expect(page.getByText(/litert\/own-my-movenet-[0-9a-f]{8}@wasm on/)).toBeVisible();

    await page.reload();
    await page.getByLabel('Model').selectOption({ label: 'My MoveNet' });
    await page.evaluate(() => caches.delete('kinemark-weights-v1'));
    await page.reload();
    await page.getByLabel('Model').selectOption({ label: 'My MoveNet' });
    await expect(page.getByText(/no longer on this device/)).toBeVisible();
    await expect(runButton(page)).toBeDisabled();
    await page.getByRole('button', { name: 'Remove this model' }).click();
    await expect(page.getByLabel('Model')).not.toContainText('My MoveNet');
  });

  test('of several files, in a folder with the folders of its networks', async ({ page }) => {
    const folder = mkdtempSync(join(tmpdir(), 'kinemark-own-model-'));
    for (const network of ['blazepose-detector', 'blazepose-lite-landmarks']) {
      cpSync(join('static/models/tfjs', network), join(folder, network), { recursive: true });
    }
    await open(page);
    await page.getByTestId('model-folder').setInputFiles(folder);
    const dialog = page.getByRole('dialog', { name: 'Add your own model' });
    await expect(dialog.getByLabel('Pipeline')).toContainText('tfjs-blazepose');
    rmSync(folder, { recursive: true });
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('button', { name: 'Your own model…' })).toBeFocused();
  });

  test('what is no model, or fits no pipeline, is told in one sentence', async ({ page }) => {
    await open(page);
    const files = page.getByTestId('model-files');
    const buffer = readFileSync(sharedAsset(MOVENET)).subarray(0, 2000);
    await files.setInputFiles({ name: 'half.tflite', mimeType: '', buffer });
    await expect(page.getByText(/half\.tflite/)).toBeVisible();
    await files.setInputFiles('static/models/blazepose-lite-landmarks.tflite');
    await expect(page.getByText(/blazepose-lite-landmarks\.tflite/)).toBeVisible();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(runButton(page)).toBeEnabled();
  });
});

test('a backend that the device lacks is shown with the reason, and cannot be run', async ({
  page,
}) => {
  await open(page);
  await page.getByLabel('Engine').selectOption('litert');
  await expect(page.getByLabel('Backend')).toContainText('WebNN (unavailable)');
  await page.getByLabel('Backend').selectOption('webnn');
  await expect(page.getByText(/WebNN is not available/)).toBeVisible();
  await expect(runButton(page)).toBeDisabled();
  await page.getByLabel('Backend').selectOption('wasm');
  await expect(runButton(page)).toBeEnabled();
});
