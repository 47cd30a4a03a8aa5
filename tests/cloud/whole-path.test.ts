// A run in a real browser, and its way through three processes and Google's emulators to the dashboard. What each
// of the processes has loaded on the way is what its role may use.
import { chromium } from 'playwright';
import type { BrowserContext } from 'playwright';
import { expect, onTestFinished, test } from 'vitest';
import { chromiumLaunch } from '../../bench/chromium-launch.ts';
import type { RunDetail } from '../../server/store/store.server.ts';
import { createResources } from './google-resources.ts';
import { startDeployment, startRole } from './role-process.ts';
import { freshGoogleConfig, hasEmulators } from './use-emulators.ts';

/** Enough for some windows. */
const FRAMES = 150;
/** Of such a run on a slow machine. */
const RUN_LIMIT_MS = 150_000;
const ARRIVAL_LIMIT_MS = 60_000;
const TEST_LIMIT_MS = 300_000;

async function openBrowser(): Promise<BrowserContext> {
  const browser = await chromium.launch(chromiumLaunch);
  onTestFinished(() => browser.close());
  return browser.newContext();
}

test.skipIf(!hasEmulators)(
  'a run made in a browser is on the dashboard, by way of three processes of which none could do it alone',
  async () => {
    const google = freshGoogleConfig();
    await createResources(google);
    const { ingest, worker, dashboard } = await startDeployment(google);
    const browser = await openBrowser();
    const asked = new Set<string>();
    browser.on('request', (request) => asked.add(new URL(request.url()).origin));
    const listPage = await browser.newPage();
    await listPage.goto(`${dashboard.url}/runs`);
    const page = await browser.newPage();

    await page.goto(`${dashboard.url}/?frames=${FRAMES}`);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('heading', { name: 'Result' }).waitFor({ timeout: RUN_LIMIT_MS });
    await page.getByText('On the dashboard.').waitFor({ timeout: ARRIVAL_LIMIT_MS });
    // It was open before there was a run, and hears of one that another process has stored.
    await listPage.locator('a[href^="/runs/"]').first().waitFor({ timeout: ARRIVAL_LIMIT_MS });
    const list = (await (await fetch(`${dashboard.url}/runs/list.json`)).json()) as {
      runs: { runId: string }[];
    };
    expect(list.runs).toHaveLength(1);

    const { runId } = list.runs[0]!;
    await expect
      .poll(
        async () => {
          const response = await fetch(`${dashboard.url}/runs/${runId}/run.json`);
          const { started, windows, finished } = (await response.json()) as RunDetail;
          const processed = windows.reduce((sum, { frames }) => sum + frames.processed, 0);
          return {
            hasStart: started !== null,
            missing: (finished?.frames.processed ?? NaN) - processed,
          };
        },
        { timeout: ARRIVAL_LIMIT_MS },
      )
      .toEqual({ hasStart: true, missing: 0 });

    expect([...asked]).toEqual([dashboard.url]);
    expect(ingest.clients()).toEqual(['@google-cloud/pubsub']);
    expect(new Set(worker.clients())).toEqual(
      new Set(['@google-cloud/firestore', '@google-cloud/pubsub']),
    );
    expect(dashboard.clients()).toEqual(['@google-cloud/firestore']);
  },
  TEST_LIMIT_MS,
);

test.skipIf(!hasEmulators)('a role has nothing of the others, whoever asks', async () => {
  const google = freshGoogleConfig();
  await createResources(google);
  const { ingest, worker, dashboard } = await startDeployment(google);
  const all = await startRole('all', google);
  const requests = {
    'POST /metrics': [ingest, dashboard, all],
    'GET /runs/list.json': [dashboard, all],
    'GET /dead-letters/list.json': [dashboard, all],
    'GET /': [dashboard, all],
    'GET /service-worker.js': [dashboard, all],
    'GET /healthz': [ingest, worker, dashboard, all],
    // Where events are pulled nobody may push.
    'POST /worker/push': [],
  };
  for (const [request, served] of Object.entries(requests)) {
    const [method, path] = request.split(' ');
    for (const role of [ingest, worker, dashboard, all]) {
      const { status } = await fetch(role.url + path!, { method: method! });
      const isServed = (served as readonly unknown[]).includes(role);
      expect(status !== 404, `${request} of ${role.role} is ${status}`).toBe(isServed);
    }
  }
});
