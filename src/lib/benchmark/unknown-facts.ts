// Why facts of an environment are not known, in a sentence each.
import type { Environment } from './environment.ts';

/** The reasons of everything that is null in an environment, under its path. */
export function unknownOf(environment: Environment): Readonly<Record<string, string>> {
  const isChromium = environment.browser !== null;
  // Runs of earlier versions have not the one or the other.
  const adapter = environment.adapter ?? null;
  const candidates: Readonly<Record<string, readonly [value: unknown, reason: string]>> = {
    browser: [environment.browser, NO_HINTS],
    browserVersion: [environment.browserVersion, isChromium ? NOT_GIVEN : NO_HINTS],
    platform: [environment.platform, isChromium ? NOT_GIVEN : NO_HINTS],
    platformVersion: [environment.platformVersion, isChromium ? NO_PLATFORM_VERSION : NO_HINTS],
    architecture: [environment.architecture, isChromium ? NO_ARCHITECTURE : NO_HINTS],
    deviceModel: [environment.deviceModel, isChromium ? NO_MODEL : NO_HINTS],
    mobile: [environment.mobile, NO_HINTS],
    deviceMemoryGiB: [environment.deviceMemoryGiB, NO_DEVICE_MEMORY],
    visibleAtStart: [environment.visibleAtStart, NOT_NOTED],
    wakeLockHeld: [environment.wakeLockHeld, NOT_NOTED],
    power: [environment.power, NO_POWER],
    threadsUsed: [environment.threadsUsed, NO_THREADS],
    adapter: [adapter, NO_ADAPTER],
    'adapter.name': [adapter === null || adapter.name, NO_ADAPTER_NAME],
    'adapter.software': [adapter === null || adapter.software, NO_ADAPTER_KIND],
  };
  const unknown = Object.entries(candidates).filter(([, [value]]) => (value ?? null) === null);
  return Object.fromEntries(unknown.map(([path, [, reason]]) => [path, reason]));
}

const NO_HINTS =
  'This browser has no UA client hints, or the page is not secure; the user agent may tell.';
const NOT_GIVEN = 'The browser left it out.';
const NO_PLATFORM_VERSION = 'The browser left it out; of Linux none tells it.';
const NO_ARCHITECTURE = 'The browser left it out; of phones none tells it.';
const NO_MODEL = 'Browsers tell it of phones and tablets only.';
const NO_DEVICE_MEMORY = 'Only Chromium tells it, and only secure pages.';
const NO_POWER = 'Only Chromium tells pages of the battery.';
const NOT_NOTED = 'The version of Kinemark that made this run did not note it.';
const NO_THREADS = 'The engine does not tell, or ran on a GPU.';
const NO_ADAPTER = 'The backend uses none.';
const NO_ADAPTER_NAME = 'The browser does not name it, so that it cannot be told apart.';
const NO_ADAPTER_KIND = 'The browser does not tell whether it is made of hardware.';
