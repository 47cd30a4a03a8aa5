import { expect, it } from 'vitest';
import type { Environment } from '../../../src/lib/benchmark/environment.ts';
import { unknownOf } from '../../../src/lib/benchmark/unknown-facts.ts';

const known: Environment = {
  appVersion: '1.0.0',
  userAgent: 'Mozilla/5.0',
  browser: 'Chromium 156',
  browserVersion: '156.0.8078.79',
  platform: 'Windows',
  platformVersion: '19.0.0',
  architecture: 'x86 64',
  deviceModel: 'Tab 3',
  mobile: false,
  logicalCores: 8,
  deviceMemoryGiB: 8,
  crossOriginIsolated: true,
  clockResolutionMs: 0.005,
  power: { charging: true, level: 1 },
  visibleAtStart: true,
  wakeLockHeld: false,
  adapter: { name: 'Some GPU', software: false },
  engineVersion: '2.0.0',
  threadsUsed: 4,
  modelSha256: 'a'.repeat(64),
};

it('has no reason for what is known, be it false or 0', () => {
  const power = { charging: false, level: 0 };
  expect(unknownOf({ ...known, power })).toEqual({});
});

it('has a sentence for everything else', () => {
  const told = ['appVersion', 'userAgent', 'logicalCores', 'crossOriginIsolated'];
  const always = [...told, 'clockResolutionMs', 'engineVersion', 'modelSha256'];
  const nullable = Object.keys(known).filter((path) => !always.includes(path));
  const nothing = Object.fromEntries(nullable.map((path) => [path, null]));
  const reasons = unknownOf({ ...known, ...nothing });
  expect(Object.keys(reasons).toSorted()).toEqual(nullable.toSorted());
  for (const reason of Object.values(reasons)) expect(reason).toMatch(/^[A-Z].+\.$/);
});

it('tells a browser that hides a fact from one that has no such facts', () => {
  const { platformVersion: hidden } = unknownOf({ ...known, platformVersion: null });
  const { platformVersion: missing } = unknownOf({
    ...known,
    browser: null,
    platformVersion: null,
  });
  expect(hidden).toContain('left it out');
  expect(missing).toContain('no UA client hints');
});

it('tells what of an adapter is not known', () => {
  const reasons = unknownOf({ ...known, adapter: { name: null, software: null } });
  expect(Object.keys(reasons)).toEqual(['adapter.name', 'adapter.software']);
});
