// Promise 1: no pixel leaves the device. Every request of a full run is recorded on the network and read.
import { gunzipSync } from 'node:zlib';
import { chromium, expect, test } from '@playwright/test';
import { BATCH_MEDIA_TYPE, parseBatch } from '../../src/lib/events/parse-batch.ts';
import { chromiumLaunch } from '../../bench/chromium-launch.ts';
import { causesOf } from './causes-of.ts';
import { startRecordingProxy } from './recording-proxy.ts';

const RUN_LIMIT_MS = 150_000;
/** The actor has 720 frames; a thumbnail of each in 16 × 16 pixels would already need 553 kB. */
const MAX_UPLOADED_BYTES = 200_000;
/** Every runtime might phone home, so each gets a short run. */
const OTHER_ENGINES = ['litert', 'ort', 'tfjs'] as const;
const OTHER_FRAMES = 10;
/** An address that carries data would be longer. */
const MAX_URL_LENGTH = 200;

/**
 * Where this Chromium itself asks for updates and its own sign-in, also with nothing but an empty page
 * open. No page can see or cause these; the proxy refuses them, so they carry nothing.
 */
const BROWSER_OWN_HOSTS: ReadonlySet<string> = new Set([
  'update.googleapis.com',
  'accounts.google.com',
]);

test('runs on every engine send nothing but small events, to its own server', async ({
  baseURL,
}) => {
  if (!baseURL) throw new Error('The server has no address.');
  const proxy = await startRecordingProxy(baseURL);
  // Chromium would not ask a proxy about this machine itself, unless told to.
  const browser = await chromium.launch({
    ...chromiumLaunch,
    proxy: { server: proxy.url, bypass: '<-loopback>' },
  });
  try {
    const page = await browser.newPage();
    await page.goto(baseURL);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(page.getByText('On the dashboard.')).toBeVisible({ timeout: RUN_LIMIT_MS });
    await expect(page.getByRole('heading', { name: 'Result' })).toBeVisible();
    expect(causesOf(await page.getByRole('note').locator('code').allTextContents())).toEqual([]);
    for (const engine of OTHER_ENGINES) {
      await page.goto(`${baseURL}/?frames=${OTHER_FRAMES}`);
      await page.getByLabel('Engine').selectOption(engine);
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await expect(page.getByText('On the dashboard.')).toBeVisible({ timeout: RUN_LIMIT_MS });
    }
  } finally {
    await browser.close();
    await proxy.close();
  }

  const requests = proxy.requests.filter(({ url }) => !BROWSER_OWN_HOSTS.has(hostOf(url)));
  // The proxy did stand in between: it saw the page, the model and the clip go by.
  const paths = requests.map(({ url }) => URL.parse(url)?.pathname);
  for (const path of [
    '/',
    '/models/blazepose-lite.task',
    '/models/blazepose-lite-landmarks.tflite',
    '/models/blazepose-lite-landmarks.onnx',
    '/models/tfjs/blazepose-lite-landmarks/model.json',
    '/clips/actor.mp4',
    '/metrics',
  ]) {
    expect(paths).toContain(path);
  }
  for (const { method, url, contentType, body } of requests) {
    expect(url.startsWith(`${baseURL}/`), `${method} ${url}`).toBe(true);
    expect(url.length).toBeLessThan(MAX_URL_LENGTH);
    if (body.byteLength === 0) continue;
    expect(`${method} ${new URL(url).pathname}`).toBe('POST /metrics');
    expect(contentType).toBe(BATCH_MEDIA_TYPE);
    const parsed = parseBatch(JSON.parse(textOf(body)));
    expect(parsed.ok, 'the body is events and nothing else').toBe(true);
  }
  const uploadedBytes = requests.reduce((sum, { body }) => sum + body.byteLength, 0);
  expect(uploadedBytes).toBeGreaterThan(0);
  expect(uploadedBytes).toBeLessThan(MAX_UPLOADED_BYTES);
});

/** The host of an address, or of the `host:port` that a tunnel is asked for with. */
function hostOf(url: string): string {
  return url.includes('://') ? new URL(url).hostname : url.replace(/:\d+$/, '');
}

function textOf(body: Buffer): string {
  const isGzip = body[0] === 0x1f && body[1] === 0x8b;
  return (isGzip ? gunzipSync(body) : body).toString('utf8');
}
