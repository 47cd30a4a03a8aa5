// From a seed to a schedule in which the whole browser is killed while it stores what it records.
import { createSeededRandom } from '../../src/lib/metrics/seeded-random.ts';
import { createDraw } from './draw.ts';
import { makeRun } from './make-schedule.ts';
import type { Schedule, Step } from './schedule.ts';

/** So many are being stored for longer than the longest pause. */
const WINDOWS = 45;
const LONGEST_PAUSE_MS = 150;
/** With a server that is away everything still waits on the device. */
const ALONE_SHARE = 0.5;

/** The schedule of `seed`, a whole number; the same one every time. */
export function makeBrowserDeath(seed: number): Schedule {
  const draw = createDraw(createSeededRandom(seed));
  const runs = [makeRun(draw), makeRun(draw)].map((run) => ({
    ...run,
    windows: WINDOWS,
    poisonedWindow: null,
  }));
  const recording = runs.flatMap((_, run): readonly Step[] => [
    { do: 'open', tab: run, roomBytes: null },
    { do: 'start', tab: run, run },
    { do: 'record', tab: run, run, windows: WINDOWS },
  ]);
  return {
    seed,
    runs,
    steps: [
      ...(draw.chance(ALONE_SHARE) ? [{ do: 'kill-server' } as const] : []),
      ...recording,
      { do: 'pause', durationMs: draw.between(0, LONGEST_PAUSE_MS) },
      { do: 'kill-browser' },
    ],
    requestFaults: [],
    maxQueueDepthEvents: null,
    keepsTabs: false,
  };
}
