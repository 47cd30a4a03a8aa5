// End-to-end tests: the built application on its real server, in one Chromium.
import { join } from 'node:path';
import { defineConfig, devices } from '@playwright/test';
import { chromiumLaunch } from './bench/chromium-launch.ts';

const OUTPUT_FOLDER = 'test-results/e2e';
/** A test may run the whole actor clip. */
const TEST_LIMIT_MS = 180_000;
/** What a page does at once may take seconds where the machine is shared. */
const EXPECT_LIMIT_MS = 20_000;

const baseURL = process.env['KINEMARK_E2E_URL'];

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: OUTPUT_FOLDER,
  timeout: TEST_LIMIT_MS,
  expect: { timeout: EXPECT_LIMIT_MS },
  // Side by side they would measure each other.
  workers: 1,
  // A shared machine holds up a browser for seconds now and then. `npm test` names each test that needed this.
  retries: 1,
  forbidOnly: Boolean(process.env['CI']),
  reporter: [['line']],
  use: {
    ...(baseURL ? { baseURL } : {}),
    launchOptions: chromiumLaunch,
    // Without snapshots of the DOM: with them Chromium 156 itself ends, often within ten loads of a page whose
    // service worker is just starting. What the page said at the end is in error-context.md all the same.
    trace: { mode: 'retain-on-failure', snapshots: false },
  },
  projects: [{ name: 'chromium', use: devices['Desktop Chrome'] }],
  webServer: {
    command: `"${process.execPath}" server/main.server.ts`,
    // Playwright empties the output folder before each run, and so the data.
    env: { PORT: '0', HOST: '127.0.0.1', KINEMARK_DATA: join(OUTPUT_FOLDER, 'data') },
    // The group's name becomes the variable KINEMARK_E2E_URL, which the tests' processes inherit.
    wait: { stdout: /ready at (?<kinemark_e2e_url>http:\S+)/ },
    gracefulShutdown: { signal: 'SIGTERM', timeout: 5000 },
  },
});
