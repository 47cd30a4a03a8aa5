// What a run notes frame by frame comes back as it was, however long the run.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createNumberLog, MeasurementsLostError } from '../../../src/lib/benchmark/number-log.ts';
import { runBenchmark } from '../../../src/lib/benchmark/run-benchmark.ts';
import type { RunInput } from '../../../src/lib/benchmark/run-benchmark.ts';
import type { RunPlan, ScenarioId } from '../../../src/lib/benchmark/run-plan.ts';
import type { FrameCounts, FrameSample } from '../../../src/lib/benchmark/run-result.ts';
import { createSampleLog } from '../../../src/lib/benchmark/sample-log.ts';
import type { WindowSummary } from '../../../src/lib/benchmark/window-accumulator.ts';
import { createSeededRandom } from '../../../src/lib/metrics/seeded-random.ts';
import { skeletons } from '../../../src/lib/pose/skeletons.ts';
import type { SkeletonId } from '../../../src/lib/pose/skeletons.ts';
import { faultyRun } from '../../fixtures/faulty-run.ts';

const skeletonIds = Object.keys(skeletons) as SkeletonId[];

/** Samples with up to three people of any skeleton, and figures of all 53 bits. */
function samplesOf(seed: number, count: number): FrameSample[] {
  const random = createSeededRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const people = Math.floor(4 * random());
    const hidden = random() < 0.5;
    const figure = (): number => random() * 1000;
    const skeleton = skeletonIds[index % skeletonIds.length] ?? 'coco-17';
    const { keypointNames } = skeletons[skeleton];
    return {
      index,
      pass: Math.floor(index / 100),
      stream: index % 3,
      ptsMs: -40 + figure(),
      doneMs: 3.6e6 * random(),
      endToEndMs: figure(),
      decodeMs: 0,
      queueMs: figure(),
      transferMs: figure(),
      engineMs: figure(),
      preprocessMs: hidden ? null : figure(),
      inferenceMs: hidden ? null : figure(),
      postprocessMs: hidden ? null : figure(),
      people,
      poses: Array.from({ length: index % 5 === 0 ? 0 : people }, () => ({
        skeleton,
        score: random(),
        keypoints: keypointNames.map(() => ({ x: figure(), y: -figure(), score: random() })),
      })),
    };
  });
}

it('gives back every sample to the last bit, over many chunks', async () => {
  const log = createSampleLog();
  const samples = samplesOf(7, 3000);
  for (const sample of samples) log.add(sample);
  expect(await log.read()).toStrictEqual({ samples, loss: null });
});

it('is empty at first, and can be read more than once and in between', async () => {
  const log = createNumberLog(4);
  const numbers = async () => [...(await log.read()).numbers];
  expect(await numbers()).toEqual([]);
  for (let value = 0; value < 4; value += 1) log.add(value);
  expect(await numbers()).toEqual([0, 1, 2, 3]);
  log.add(4);
  expect(await numbers()).toEqual([0, 1, 2, 3, 4]);
});

it('holds one chunk in memory, however much was written', () => {
  const made = vi.spyOn(globalThis, 'Float64Array');
  const log = createNumberLog(16);
  for (let value = 0; value < 16_000; value += 1) log.add(value);
  expect(made).toHaveBeenCalledTimes(1);
  made.mockRestore();
});

/** Has the browser lose the Blobs with these numbers, in the order in which they are read. */
function loseBlobs(isLost: (read: number) => boolean): void {
  const real = Reflect.get(Blob.prototype, 'arrayBuffer');
  let reads = 0;
  vi.spyOn(Blob.prototype, 'arrayBuffer').mockImplementation(function (this: Blob) {
    reads += 1;
    return isLost(reads - 1)
      ? Promise.reject(new DOMException('', 'NotReadableError'))
      : real.call(this);
  });
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('what the browser lost', () => {
  it.each([0, 1, 2])('is told, and samples before part %i are as they were', async (part) => {
    const log = createSampleLog();
    const samples = samplesOf(7, 3000);
    for (const sample of samples) log.add(sample);
    loseBlobs((read) => read === part);
    const { samples: left, loss } = await log.read();
    expect(loss).toBeInstanceOf(MeasurementsLostError);
    expect(left).toStrictEqual(samples.slice(0, left.length));
    expect(left.length > 0).toBe(part > 0);
    expect(left.length).toBeLessThan(samples.length);
  });

  /** Long enough for three parts. */
  async function longRun(change: Partial<RunInput> = {}) {
    const run = faultyRun('none', 3);
    const windows: WindowSummary[] = [];
    const result = await runBenchmark({
      ...run,
      plan: planFor(run, 'single-stream', 200_000),
      ...change,
      observer: {
        ...(change.observer ?? run.observer),
        onWindow: (window) => windows.push(window),
      },
    });
    const framesOf = (name: keyof FrameCounts) =>
      windows.reduce((sum, { frames }) => sum + frames[name], 0);
    const { processed, detected } = result.summary.frames;
    expect([processed, detected]).toEqual([framesOf('processed'), framesOf('detected')]);
    const wallMs = windows.reduce((sum, { wallDurationMs }) => sum + wallDurationMs, 0);
    expect(result.summary.wallTimeMs).toBeCloseTo(wallMs, 6);
    return { ...result, windows };
  }

  it.each([
    ['all of it', 0, false],
    ['a part of it', 1, true],
  ])("takes nothing from a run's counts: %s", async (_, part, isSomeLeft) => {
    const whole = await longRun();
    loseBlobs((read) => read >= part);
    const { summary, samples, windows } = await longRun();
    expect(windows).toEqual(whole.windows);
    expect(summary.frames).toEqual(whole.summary.frames);
    expect(summary.wallTimeMs).toBe(whole.summary.wallTimeMs);
    expect(summary.effectiveFps).toBe(whole.summary.effectiveFps);
    expect(samples).toEqual(whole.samples.slice(0, samples.length));
    expect(samples.length > 0).toBe(isSomeLeft);
    expect(samples.length).toBeLessThan(whole.samples.length);
    expect(summary.outcome).toBe('failed');
    expect(summary.failure).toContain('Free some space');
    expect(summary.verdict.reasons).toContain('frames-lost');
  });

  it('is told of a cancelled run, too', async () => {
    loseBlobs(() => true);
    const cancel = new AbortController();
    let frames = 0;
    const onFrame = (): void => {
      frames += 1;
      if (frames === 6000) cancel.abort();
    };
    const { observer } = faultyRun('none', 3);
    const { summary } = await longRun({
      signal: cancel.signal,
      observer: { ...observer, onFrame },
    });
    expect(summary.outcome).toBe('cancelled');
    expect(summary.frames.processed).toBe(6000);
    expect(summary.failure).toContain('Free some space');
    expect(summary.verdict.reasons).toEqual(['too-few-samples', 'frames-lost', 'cancelled']);
  });

  it('leaves a live run without the figures that are of all its frames', async () => {
    loseBlobs(() => true);
    const plan = planFor(faultyRun('none', 3), 'live', 400_000);
    const { summary } = await longRun({ plan });
    expect(summary.outcome).toBe('failed');
    expect(summary.live).toBeNull();
    expect(summary.verdict.reasons).toContain('frames-lost');
  });
});

function planFor({ plan }: RunInput, scenario: ScenarioId, durationMs: number): RunPlan {
  return { ...plan, scenario, settings: { ...plan.settings, durationMs } };
}
