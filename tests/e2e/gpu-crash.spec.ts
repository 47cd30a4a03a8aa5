// The browser's GPU process crashes in the middle of a run: the run goes on with a new engine, and says so.
import { expect, test } from '@playwright/test';
import { chromiumLaunch } from '../../bench/chromium-launch.ts';

/** Few: where the GPU is the CPU, each takes a good part of a second. */
const FRAMES = 40;
const RUN_LIMIT_MS = 150_000;

// The page is not to lose its right to a GPU because of one crash.
test.use({
  launchOptions: {
    ...chromiumLaunch,
    args: [
      ...chromiumLaunch.args,
      '--disable-domain-blocking-for-3d-apis',
      '--disable-gpu-process-crash-limit',
    ],
  },
});

test('a run outlives a crash of the GPU process', async ({ page, browser }) => {
  await page.goto(`/?frames=${FRAMES}`);
  await page.getByLabel('Engine').selectOption('tfjs');
  await page.getByLabel('Backend').selectOption('webgl');
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  const progress = page.getByText(new RegExp(`Frame \\d+ of ${FRAMES}`));
  await expect(progress).toBeVisible({ timeout: RUN_LIMIT_MS });
  const cdp = await browser.newBrowserCDPSession();
  // The answer does not come back from the crash.
  void cdp.send('Browser.crashGpuProcess').catch(() => undefined);
  await expect(page.getByRole('heading', { name: 'Result' })).toBeVisible({
    timeout: RUN_LIMIT_MS,
  });
  await expect(page.getByText('engine-restarted')).toBeVisible();
  await expect(page.getByText('engine-error')).toHaveCount(0);
});
