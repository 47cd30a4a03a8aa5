// What a run ran on, and how the page finds out.
import { probeClockResolution } from './clock-resolution.ts';

/** The graphics hardware behind a backend, as far as the browser tells; null is what it does not. */
export type GraphicsAdapter = {
  readonly name: string | null;
  /** Whether the CPU stands in for a GPU. */
  readonly software: boolean | null;
};

/** The device and browser under a run. Null is what the browser does not tell. */
export type HostEnvironment = {
  readonly appVersion: string;
  readonly userAgent: string;
  readonly browser: string | null;
  readonly platform: string | null;
  readonly logicalCores: number;
  /** `navigator.deviceMemory`: rounded and capped by the browser; null outside Chromium. */
  readonly deviceMemoryGiB: number | null;
  readonly crossOriginIsolated: boolean;
  /** Smallest step of the clock seen in a short probe. */
  readonly clockResolutionMs: number;
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

/** What Chromium adds to `navigator` and TypeScript's DOM does not know. */
type ChromiumNavigator = Navigator & {
  readonly deviceMemory?: number;
  readonly userAgentData?: {
    readonly brands: readonly { readonly brand: string; readonly version: string }[];
    readonly platform: string;
  };
};

/** Longest user agent kept, in characters; real ones have about 150. */
const MAX_USER_AGENT_LENGTH = 500;

/** Reads the environment of this page. Takes well under a millisecond but for the clock's probe. */
export function captureHostEnvironment(
  appVersion: string,
  adapter: GraphicsAdapter | null,
): HostEnvironment {
  const { userAgent, userAgentData, hardwareConcurrency, deviceMemory } =
    navigator as ChromiumNavigator;
  // Browsers put one made-up brand ("Not A Brand") among the real ones, on purpose.
  const brand = userAgentData?.brands.find((each) => !/not.?a.?brand/i.test(each.brand));
  return {
    appVersion,
    userAgent: userAgent.slice(0, MAX_USER_AGENT_LENGTH),
    browser: brand ? `${brand.brand} ${brand.version}` : null,
    platform: userAgentData?.platform || null,
    logicalCores: hardwareConcurrency,
    deviceMemoryGiB: deviceMemory ?? null,
    crossOriginIsolated: globalThis.crossOriginIsolated,
    clockResolutionMs: probeClockResolution(() => performance.now()),
    adapter,
  };
}
