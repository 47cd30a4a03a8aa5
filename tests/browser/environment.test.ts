// What a real browser tells of itself and its device.
import { expect, it } from 'vitest';
import { captureHostEnvironment } from '../../src/lib/benchmark/environment.ts';

it('reads what Chromium tells', async () => {
  const environment = await captureHostEnvironment({
    appVersion: '9.9.9',
    adapter: null,
    wakeLockHeld: true,
  });
  expect(environment).toMatchObject({
    appVersion: '9.9.9',
    userAgent: navigator.userAgent,
    mobile: false,
    logicalCores: navigator.hardwareConcurrency,
    crossOriginIsolated: true,
    visibleAtStart: true,
    wakeLockHeld: true,
    adapter: null,
  });
  const { browser, browserVersion, architecture, power, clockResolutionMs } = environment;
  const [, major] = /(\d+)$/.exec(browser ?? '') ?? [];
  // The full version is of the same brand, not of the made-up one.
  expect(browserVersion).toMatch(new RegExp(`^${major}\\.\\d+\\.\\d+\\.\\d+$`));
  expect(architecture).toMatch(/^(?:x86|arm) (?:32|64)$/);
  expect(power?.charging).toBeTypeOf('boolean');
  expect(power?.level).toBeLessThanOrEqual(1);
  expect(clockResolutionMs).toBeGreaterThan(0);
});
