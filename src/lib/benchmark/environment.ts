// What a run ran on, and how the page finds out. Why something is not known: unknown-facts.ts.
import { probeClockResolution } from './clock-resolution.ts';
import { withinMs } from './within-ms.ts';

/** The graphics hardware behind a backend, as far as the browser tells; null is what it does not. */
export type GraphicsAdapter = {
  readonly name: string | null;
  /** Whether the CPU stands in for a GPU. */
  readonly software: boolean | null;
};

/** The battery when the run began (Battery Status API). A device without one reports to charge, at 1. */
export type PowerState = {
  readonly charging: boolean;
  /** Charge in [0, 1]. */
  readonly level: number;
};

/** The device and browser under a run. Null is what the browser does not tell. */
export type HostEnvironment = {
  readonly appVersion: string;
  readonly userAgent: string;
  /** Name and major version: "Chromium 156". */
  readonly browser: string | null;
  /** Every part of the version: "156.0.8078.79". */
  readonly browserVersion: string | null;
  readonly platform: string | null;
  /** As the UA client hints tell it: of Windows, for one, it is not the number on the box. */
  readonly platformVersion: string | null;
  /** "x86" or "arm", with the bits of its words: "x86 64". */
  readonly architecture: string | null;
  /** Of a phone or tablet, as its maker names it: "Pixel 9". */
  readonly deviceModel: string | null;
  readonly mobile: boolean | null;
  readonly logicalCores: number;
  /** `navigator.deviceMemory`: rounded and capped by the browser; null outside Chromium. */
  readonly deviceMemoryGiB: number | null;
  readonly crossOriginIsolated: boolean;
  /** Smallest step of the clock seen in a short probe. */
  readonly clockResolutionMs: number;
  readonly power: PowerState | null;
  /** Whether the tab was in front before the model was loaded; null of runs of earlier versions. */
  readonly visibleAtStart: boolean | null;
  /** Whether the screen was kept on before the model was loaded; null of runs of earlier versions. */
  readonly wakeLockHeld: boolean | null;
  /** What the backend runs on; null where that is the CPU by design. */
  readonly adapter: GraphicsAdapter | null;
};

/** The device, browser and software under a run. */
export type Environment = HostEnvironment & {
  readonly engineVersion: string;
  /** Null where the engine does not tell, or on a GPU. */
  readonly threadsUsed: number | null;
  readonly modelSha256: string;
};

/** What whoever hosts a run knows of its environment. */
export type HostFacts = {
  readonly appVersion: string;
  readonly adapter: GraphicsAdapter | null;
  readonly wakeLockHeld: boolean;
};

type Brand = { readonly brand: string; readonly version: string };

/** What `getHighEntropyValues` gives of what was asked for; a browser may leave out any of it. */
type DetailedHints = {
  readonly fullVersionList?: readonly Brand[];
  readonly platformVersion?: string;
  readonly architecture?: string;
  readonly bitness?: string;
  readonly model?: string;
};

/** What Chromium adds to `navigator` and TypeScript's DOM does not know. */
type ChromiumNavigator = Navigator & {
  readonly deviceMemory?: number;
  readonly userAgentData?: {
    readonly brands: readonly Brand[];
    readonly mobile: boolean;
    readonly platform: string;
    getHighEntropyValues(hints: readonly string[]): Promise<DetailedHints>;
  };
  getBattery?(): Promise<{ readonly charging: boolean; readonly level: number }>;
};

/** Longest user agent kept, in characters; real ones have about 150. */
const MAX_USER_AGENT_LENGTH = 500;

/** How long the browser may take to ask the system, in ms. It takes 1; what hangs is not waited for. */
const ANSWER_LIMIT_MS = 1000;

/** Reads the environment of this page. Takes some ms, and 1 s at most. Does not reject. */
export async function captureHostEnvironment({
  appVersion,
  adapter,
  wakeLockHeld,
}: HostFacts): Promise<HostEnvironment> {
  const { userAgent, userAgentData, hardwareConcurrency, deviceMemory } =
    navigator as ChromiumNavigator;
  const [hints, power] = await Promise.all([readDetailedHints(), readPower()]);
  const brand = userAgentData && findRealBrand(userAgentData.brands);
  const { architecture, bitness } = hints;
  return {
    appVersion,
    userAgent: userAgent.slice(0, MAX_USER_AGENT_LENGTH),
    browser: brand ? `${brand.brand} ${brand.version}` : null,
    browserVersion: findRealBrand(hints.fullVersionList ?? [])?.version || null,
    platform: userAgentData?.platform || null,
    platformVersion: hints.platformVersion || null,
    architecture: [architecture, bitness].filter(Boolean).join(' ') || null,
    deviceModel: hints.model || null,
    mobile: userAgentData?.mobile ?? null,
    logicalCores: hardwareConcurrency,
    deviceMemoryGiB: deviceMemory ?? null,
    crossOriginIsolated: globalThis.crossOriginIsolated,
    clockResolutionMs: probeClockResolution(() => performance.now()),
    power,
    visibleAtStart: document.visibilityState === 'visible',
    wakeLockHeld,
    adapter,
  };
}

/** The client hints that a browser gives only when asked by name. */
async function readDetailedHints(): Promise<DetailedHints> {
  const { userAgentData } = navigator as ChromiumNavigator;
  if (!userAgentData) return {};
  const asked = userAgentData.getHighEntropyValues([
    'fullVersionList',
    'platformVersion',
    'architecture',
    'bitness',
    'model',
  ]);
  return (await withinMs(ANSWER_LIMIT_MS, asked)) ?? {};
}

async function readPower(): Promise<PowerState | null> {
  const battery = (navigator as ChromiumNavigator).getBattery?.();
  const told = battery ? await withinMs(ANSWER_LIMIT_MS, battery) : null;
  return told && { charging: told.charging, level: told.level };
}

/** Browsers put one made-up brand ("Not A Brand") among the real ones, on purpose. */
function findRealBrand(brands: readonly Brand[]): Brand | undefined {
  return brands.find(({ brand }) => !/not.?a.?brand/i.test(brand));
}
