// The page of dead letters, over the server's own queue, and what the command line does to it.
import { expect, test } from '@playwright/test';
import { bury, deadletters } from '../fixtures/bury-events.ts';
import { RUN_ID, startedEvent, windowEvent } from '../fixtures/events.ts';
import { startWatchedKinemark } from './watched-kinemark.ts';
import type { WatchedKinemark } from './watched-kinemark.ts';

const ERROR = 'NOT NULL constraint failed: <i>runs.target</i>';

/** The first page of a browser that has just started, on a busy machine. */
const OPEN_LIMIT_MS = 30_000;

let kinemark: WatchedKinemark;
test.beforeEach(async () => {
  kinemark = await startWatchedKinemark((folder) =>
    bury(folder, [startedEvent(), windowEvent(0)], ERROR),
  );
});
test.afterEach(() => kinemark.close());

test('dead letters are told of, shown with their errors, and gone when they were replayed', async ({
  page,
}) => {
  await page.goto(`${kinemark.url}/runs`);
  await expect(
    page.getByText('2 events could not be stored, so runs may lack a part.'),
  ).toBeVisible();
  await page.getByRole('link', { name: 'See why' }).click();

  const rows = page.getByRole('table', { name: 'Dead letters, newest first' }).getByRole('row');
  await expect(rows).toHaveCount(3, { timeout: OPEN_LIMIT_MS });
  await expect(rows.nth(1)).toContainText('Window, event 1');
  await expect(rows.nth(2)).toContainText('Start, event 0');
  // An error is text, whatever is in it.
  await expect(rows.nth(2).getByText(ERROR, { exact: true })).toBeVisible();
  await expect(page.getByText('npm run deadletters -- replay --all')).toBeVisible();

  expect(await deadletters(kinemark.dataFolder, 'replay', '--all')).toMatchObject({ code: 0 });
  await expect.poll(async () => (await kinemark.store.getRun(RUN_ID))?.windows.length).toBe(1);
  // Made by the server this time, and not by the browser.
  await page.reload();
  await expect(page.getByText('Every event that this server has accepted is stored')).toBeVisible();
  await expect(rows).toHaveCount(0);
});

test('a server that cannot read its dead letters is not called one without', async ({ page }) => {
  await page.goto(`${kinemark.url}/runs`);
  kinemark.intercept(({ url }, response) => {
    if (url !== '/dead-letters/list.json') return false;
    response.writeHead(500, { 'content-type': 'application/json' }).end('{"message":"No."}');
    return true;
  });
  await page.getByRole('link', { name: 'See why' }).click();
  await expect(
    page.getByText('The server could not read its dead letters. Try again later.'),
  ).toBeVisible();
});
