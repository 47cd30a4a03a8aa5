// A real browser, measured from outside while its page does what is asked of it.
import { availableParallelism } from 'node:os';
import { chromium } from '@playwright/test';
import type { Page } from '@playwright/test';
import { expect, it, onTestFinished } from 'vitest';
import { chromiumLaunch } from '../../bench/chromium-launch.ts';
import { openProcessResources } from '../../bench/process-resources.ts';

const WORK_SECONDS = 2;
const HELD_BYTES = 300e6;

async function openBrowser() {
  const browser = await chromium.launch(chromiumLaunch);
  onTestFinished(() => browser.close());
  const ask = await openProcessResources(browser);
  return { page: await browser.newPage(), ask };
}

/** Keeps one core busy. */
function work(page: Page): Promise<void> {
  return page.evaluate((seconds) => {
    const endMs = performance.now() + seconds * 1000;
    while (performance.now() < endMs);
  }, WORK_SECONDS);
}

/** Fills memory and lets go of it: it is held between the first and the last sample only. */
function holdForAWhile(page: Page): Promise<void> {
  return page.evaluate(async (bytes) => {
    const source = `onmessage = ({ data }) => { self.held = new Uint8Array(data).fill(1); postMessage(0); };`;
    const worker = new Worker(URL.createObjectURL(new Blob([source])));
    worker.postMessage(bytes);
    await new Promise((resolve) => worker.addEventListener('message', resolve));
    // Two samples long.
    await new Promise((resolve) => setTimeout(resolve, 600));
    worker.terminate();
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }, HELD_BYTES);
}

it('tells the CPU time between start and stop, and none of before and after', async () => {
  const { page, ask } = await openBrowser();
  await ask('before');
  await work(page);
  await ask('start');
  await ask('stop');
  await work(page);
  const idle = await ask('read');
  expect(idle?.cpuMethod).toBe('browser-process-cpu-time');
  expect(idle?.cpuSeconds).toBeLessThan(WORK_SECONDS / 2);

  await ask('before');
  await ask('start');
  await work(page);
  await ask('stop');
  const busy = await ask('read');
  const { cpuSeconds, cpuUtilization, machineUtilization } = busy ?? {};
  expect(cpuSeconds).toBeGreaterThan(idle?.cpuSeconds ?? Infinity);
  expect(cpuUtilization).toBeGreaterThan(0);
  expect(machineUtilization).toBe(Math.min(1, (cpuUtilization ?? NaN) / availableParallelism()));
  expect(busy?.nullReasons['cpuUtilization']).toBeUndefined();
});

it('sees memory that is held for a while only', async () => {
  const { page, ask } = await openBrowser();
  await ask('before');
  const { peakMemoryBytes: baseline } = (await ask('read')) ?? {};
  await ask('before');
  await holdForAWhile(page);
  const reading = await ask('read');
  if (process.platform !== 'linux') {
    expect(reading?.peakMemoryBytes).toBeNull();
    expect(reading?.nullReasons['peakMemoryBytes']).toContain('/proc');
    return;
  }
  const { memoryMethod, peakMemoryBytes, memoryDeltaBytes } = reading ?? {};
  expect(memoryMethod).toBe('browser-process-rss');
  expect(peakMemoryBytes).toBeGreaterThan((baseline ?? Infinity) + 0.9 * HELD_BYTES);
  expect(memoryDeltaBytes).toBeLessThan(0.5 * HELD_BYTES);
});

it('says so when a run broke off before its CPU time could be read', async () => {
  const { ask } = await openBrowser();
  await ask('before');
  await ask('start');
  const reading = await ask('read');
  expect(reading).toMatchObject({ cpuMethod: null, cpuSeconds: null, cpuUtilization: null });
  expect(reading?.nullReasons['cpuUtilization']).toContain('broke off');
});
