// The headless browser of the bench commands, on a Kinemark of its own.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import type { Browser, Page } from '@playwright/test';
import { readConfig } from '../server/config.server.ts';
import { startKinemark } from '../server/kinemark.server.ts';
import type { StoreReader } from '../server/store/store.server.ts';
import { DRIVER_RESOURCES } from '../src/lib/ui/driver-resources.ts';
import { chromiumLaunch } from './chromium-launch.ts';
import { BenchError } from './bench-error.ts';
import { openProcessResources } from './process-resources.ts';

/** A hidden or covered window must not be slowed: it is the one that is measured. */
const FULL_SPEED_FLAGS = [
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
];

/** A headless browser and the Kinemark that serves it. */
export type BenchBrowser = {
  /** Opens a path of the application in a new tab, which can ask what the browser's processes use. */
  openPage(path: string): Promise<Page>;
  /** What has arrived at this Kinemark. */
  readonly store: StoreReader;
  /** Ends the browser and its server, and removes what they wrote. */
  close(): Promise<void>;
};

/**
 * Starts a browser, and a Kinemark for it with an empty data folder on a free port.
 * Throws a BenchError when the browser does not start, a StartupError when Kinemark does not; nothing is
 * left behind then.
 */
export async function openBenchBrowser(): Promise<BenchBrowser> {
  const { modelMirror } = readConfig(process.env);
  const cleanups: (() => Promise<void>)[] = [];
  async function close(): Promise<void> {
    for (const cleanUp of cleanups.toReversed()) await cleanUp();
  }
  try {
    const dataFolder = await mkdtemp(join(tmpdir(), 'kinemark-bench-'));
    cleanups.push(() => rm(dataFolder, { recursive: true, force: true }));
    // Files of its own, whatever the environment says of a server that is to stay.
    const local = { ...readConfig({}), port: 0, dataFolder, modelMirror };
    const kinemark = await startKinemark(local);
    cleanups.push(() => kinemark.close());
    const { store } = kinemark.services;
    if (store === null) throw new Error('A Kinemark with all roles has a store.');
    const browser = await launch();
    cleanups.push(() => browser.close());
    const resources = await openProcessResources(browser);
    return {
      async openPage(path) {
        const page = await browser.newPage();
        await page.exposeFunction(DRIVER_RESOURCES, resources);
        await page.goto(`${kinemark.url}${path}`);
        return page;
      },
      store,
      close,
    };
  } catch (cause) {
    await close();
    throw cause;
  }
}

async function launch(): Promise<Browser> {
  try {
    return await chromium.launch({
      ...chromiumLaunch,
      args: [...chromiumLaunch.args, ...FULL_SPEED_FLAGS],
    });
  } catch (cause) {
    const [reason = ''] = (cause as Error).message.split('\n');
    throw new BenchError(
      `The browser did not start: ${reason}. Set KINEMARK_CHROMIUM to a Chromium or Chrome.`,
    );
  }
}
