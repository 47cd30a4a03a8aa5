// How busy the processor was before and during a run.
import type { PressureState } from '../../benchmark/resources.ts';
import type { PressureWatch } from './pressure-watch.ts';
import type { ResourceProbe } from './resource-probe.ts';

/**
 * How long a calm record is waited for, in ms. The first one of a page takes one to three seconds, and what
 * the page did itself a moment ago, such as checking a clip or the run before, shows for a second or two.
 * Whoever is still busy then is somebody else.
 */
const CALM_LIMIT_MS = 5000;

const NO_PRESSURE = 'This browser does not tell how busy the processor is (Compute Pressure).';
const NO_RECORD =
  'The browser did not tell in time how busy the processor is, or the tab was behind.';
const TOO_SHORT =
  'The browser told nothing of the processor during the run: it does once a second.';

/** Reads a watch, which stays the caller's to stop; null where there is none. */
export function createPressureProbe(watch: PressureWatch | null): ResourceProbe {
  let before: PressureState | null = null;
  let worst: () => PressureState | null = () => null;
  let during: PressureState | null = null;
  return {
    async before() {
      before = (await watch?.calmed(CALM_LIMIT_MS)) ?? null;
    },
    async start() {
      worst = watch?.worstFromNow() ?? worst;
    },
    async stop() {
      during = worst();
    },
    async read() {
      return {
        pressureBefore: before,
        pressureDuring: during,
        nullReasons: {
          ...(before === null && { 'resources.pressureBefore': watch ? NO_RECORD : NO_PRESSURE }),
          ...(during === null && { 'resources.pressureDuring': watch ? TOO_SHORT : NO_PRESSURE }),
        },
      };
    },
  };
}
