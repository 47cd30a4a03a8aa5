// The events' data of a run that never was: figures drawn from the run's seed, consistent in themselves, and
// different in every window, so that events that are mixed up are seen.
import type { RunStart } from '../../src/lib/benchmark/run-benchmark.ts';
import type { FrameSample, RunResult } from '../../src/lib/benchmark/run-result.ts';
import type { WindowSummary } from '../../src/lib/benchmark/window-accumulator.ts';
import { createSeededRandom } from '../../src/lib/metrics/seeded-random.ts';
import { finishedEvent, startedEvent, windowEvent } from '../fixtures/events.ts';
import { plan, recipe } from '../fixtures/run-plans.ts';
import { createDraw } from './draw.ts';
import type { Draw } from './draw.ts';
import type { PlannedRun } from './schedule.ts';

export const SKELETON = 'blazepose-33';

const WINDOW_MS = 3000;
const US_PER_MS = 1000;
/** A share above 1, which no schema lets pass. */
const POISON = 2;

/** Makes a run's parts in the order in which they happen. */
export type SimulatedRun = {
  start(startedAt: Date): RunStart;
  nextWindow(): WindowSummary;
  /** Of the windows made so far. */
  end(): RunResult;
};

/** A run of the figures that `planned.seed` gives. */
export function simulateRun({
  runId,
  seed,
  framesPerWindow,
  poisonedWindow,
}: PlannedRun): SimulatedRun {
  const draw = createDraw(createSeededRandom(seed));
  const windows: WindowSummary[] = [];
  let startedAt = '';

  return {
    start(now) {
      startedAt = now.toISOString();
      const { data } = startedEvent({ runId, time: startedAt });
      return { ...data, plannedFrames: draw.between(1, 100_000), plan: { ...plan, runId }, recipe };
    },

    nextWindow() {
      const index = windows.length;
      const frames = makeFrames(draw, framesPerWindow);
      const endToEnd = Array.from({ length: frames.processed }, () => makeLatency(draw));
      const made = windowEvent(index, {
        runId,
        data: {
          frames,
          latencyMs: { endToEnd },
          queueDepth: draw.between(0, 9),
          meanVisibility: index === poisonedWindow ? POISON : draw.between(0, 1000) / 1000,
        },
      });
      windows.push(made.data);
      return made.data;
    },

    end() {
      const sum = (name: 'decoded' | 'processed' | 'dropped' | 'detected') =>
        windows.reduce((total, { frames }) => total + frames[name], 0);
      const frames = {
        decoded: sum('decoded'),
        processed: sum('processed'),
        dropped: sum('dropped'),
        detected: sum('detected'),
      };
      const wallTimeMs = windows.length * WINDOW_MS;
      const { data } = finishedEvent({ runId, time: startedAt, data: { frames, wallTimeMs } });
      const samples = windows.flatMap(({ latencyMs }) => latencyMs.endToEnd.map(makeSample));
      return { plan: { ...plan, runId }, skeleton: SKELETON, samples, summary: data };
    },
  };
}

function makeFrames(draw: Draw, most: number): WindowSummary['frames'] {
  const processed = draw.between(most >> 1, most);
  const dropped = draw.between(0, 9);
  const detected = draw.between(0, processed);
  return { decoded: processed + dropped, processed, dropped, detected };
}

function makeLatency(draw: Draw): number {
  return draw.between(5 * US_PER_MS, 90 * US_PER_MS) / US_PER_MS;
}

function makeSample(endToEndMs: number, index: number): FrameSample {
  return {
    index,
    pass: 0,
    stream: 0,
    ptsMs: index * 33,
    doneMs: index * 33 + endToEndMs,
    endToEndMs,
    decodeMs: 0,
    queueMs: 0,
    transferMs: 0,
    engineMs: endToEndMs,
    preprocessMs: null,
    inferenceMs: null,
    postprocessMs: null,
    people: 1,
    poses: [],
  };
}
