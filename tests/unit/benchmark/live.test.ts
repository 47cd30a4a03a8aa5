// Frames that keep the source's clock, in virtual time: what is dropped is known before.
import { describe, expect, it } from 'vitest';
import { MAX_FPS, MIN_FPS, RATE_PRECISION } from '../../../src/lib/benchmark/live-search.ts';
import { LIVE_BUFFER_FRAMES } from '../../../src/lib/benchmark/live-stream.ts';
import { runScenario } from '../../../src/lib/benchmark/run-scenario.ts';
import { WARM_UP_FRAMES } from '../../../src/lib/benchmark/warm-up.ts';
import type { LiveSummary } from '../../../src/lib/benchmark/live-summary.ts';
import { createSeededRandom } from '../../../src/lib/metrics/seeded-random.ts';
import { simulate } from '../../fixtures/live-simulation.ts';
import type { SimulationOptions } from '../../fixtures/live-simulation.ts';
import { expectSound } from './expect-sound.ts';

async function runLive(options: SimulationOptions) {
  const simulation = simulate(options);
  const { live, streams } = await runScenario('live', simulation.input);
  expect(streams).toBeNull();
  expectSound(simulation);
  return { ...simulation, live: live as LiveSummary };
}

/** Which frames a queue of one lets through, by the definition: the newest waits, who waited is dropped. */
function predictProcessed(frames: number, periodMs: number, serviceMs: (call: number) => number) {
  const processed: number[] = [];
  let freeMs = 0;
  let waiting: number | null = null;
  const begin = (frame: number, atMs: number): void => {
    freeMs = atMs + serviceMs(WARM_UP_FRAMES + processed.length);
    processed.push(frame);
  };
  for (let frame = 0; frame < frames; frame += 1) {
    const dueMs = frame * periodMs;
    if (waiting !== null && freeMs <= dueMs) {
      begin(waiting, freeMs);
      waiting = null;
    }
    if (waiting === null && freeMs <= dueMs) begin(frame, dueMs);
    else waiting = frame;
  }
  if (waiting !== null) begin(waiting, freeMs);
  return processed;
}

describe('a live stream', () => {
  it('tells the first inference apart, which is no frame of it', async () => {
    const simulation = simulate({ frames: 60, engineMs: (call) => (call === 0 ? 900 : 20) });
    const { live, firstInferenceMs } = await runScenario('live', simulation.input);
    expect(firstInferenceMs).toBeCloseTo(900, 6);
    expect(live?.missedDeadlines).toBe(0);
    expect(simulation.samples).toHaveLength(60);
  });

  it('drops nothing while the engine is faster than the source', async () => {
    const { live, samples, drops } = await runLive({ transferMs: 2, engineMs: () => 20 });
    expect(drops).toEqual([]);
    expect(samples).toHaveLength(300);
    for (const sample of samples) {
      expect(sample.endToEndMs).toBeCloseTo(22, 6);
      expect(sample.decodeMs).toBe(0);
    }
    expect(live).toMatchObject({ lateFrames: 0, missedDeadlines: 0, maxFps: null, probes: [] });
    expect(live.sourceFps).toBeCloseTo(30, 9);
    expect(live.deadlineMs).toBeCloseTo(2000 / 30, 9);
    expect(live.resultAgeMs?.p50).toBeCloseTo(22, 6);
  });

  it.each([
    ['half again as slow', () => 51],
    ['many times slower', () => 171],
    ['slower now and then', (call: number) => (call % 5 === 0 ? 117 : 9)],
  ])('drops exactly who must be dropped when the engine is %s', async (_, engineMs) => {
    const { live, samples, drops } = await runLive({ engineMs });
    const predicted = predictProcessed(300, 1000 / 30, engineMs);
    expect(samples.map(({ index }) => index)).toEqual(predicted);
    expect(samples.length + drops.length).toBe(300);
    expect(drops.length).toBeGreaterThan(50);
    const late = samples.filter(({ endToEndMs }) => endToEndMs > live.deadlineMs).length;
    expect(live.lateFrames).toBe(late);
    expect(live.missedDeadlines).toBeCloseTo((drops.length + late) / 300, 12);
  });

  it('drops exactly who must be dropped by an engine that is now fast and now slow', async () => {
    const random = createSeededRandom(7);
    const costs = Array.from({ length: WARM_UP_FRAMES + 300 }, () => 5 + 80 * random() ** 3);
    const engineMs = (call: number): number => costs[call] ?? NaN;
    const { samples, drops } = await runLive({ engineMs });
    expect(samples.map(({ index }) => index)).toEqual(predictProcessed(300, 1000 / 30, engineMs));
    expect(drops.length).toBeGreaterThan(5);
  });

  it('blames the decoder for what it is late with', async () => {
    const { live, samples, drops } = await runLive({
      frames: 60,
      decodeMs: 40,
      engineMs: () => 19,
    });
    expect(drops).toEqual([]);
    for (const { queueMs } of samples) expect(queueMs).toBeCloseTo(0, 6);
    // The clock starts with a full buffer; from then on one comes every 40 ms and is due every 33.3 ms.
    const lateMs = (index: number): number => {
      const decodedMs = 40 * Math.max(0, index + 1 - LIVE_BUFFER_FRAMES);
      return Math.max(0, decodedMs - (index * 1000) / 30);
    };
    expect(lateMs(59)).toBeGreaterThan(100);
    for (const { index, decodeMs } of samples) expect(decodeMs).toBeCloseTo(lateMs(index), 6);
    const late = samples.filter(({ index }) => lateMs(index) + 19 > live.deadlineMs);
    expect(live.lateFrames).toBe(late.length);
  });

  it('hides a decoder that is fast enough', async () => {
    const { samples } = await runLive({ decodeMs: 25, engineMs: () => 20 });
    expect(samples.map(({ decodeMs }) => decodeMs)).toEqual(samples.map(() => 0));
  });

  it('repeats a clip on one clock until the time is over', async () => {
    const { samples, drops, marks } = await runLive({
      frames: 30,
      engineMs: () => 20,
      settings: { durationMs: 3490 },
    });
    expect(drops).toEqual([]);
    expect(samples).toHaveLength(105);
    expect(samples.at(-1)).toMatchObject({ pass: 3, index: 14 });
    expect(samples.at(-1)?.doneMs).toBeCloseTo((104 * 1000) / 30 + 20, 6);
    expect(marks.endMs - marks.startMs).toBeLessThan(3500);
  });

  it('takes frames from a camera as they arrive, for ten seconds', async () => {
    const { live, samples, drops } = await runLive({
      kind: 'camera',
      frames: 1000,
      fps: 25,
      engineMs: () => 51,
      settings: { findMaxFps: true },
    });
    expect(samples.map(({ index }) => index)).toEqual(predictProcessed(250, 40, () => 51));
    expect(samples.length + drops.length).toBe(250);
    expect(samples.map(({ decodeMs }) => decodeMs)).toEqual(samples.map(() => 0));
    expect(live.sourceFps).toBeCloseTo(25, 9);
    expect(live).toMatchObject({ maxFps: null, probes: [] });
  });

  it('shows only frames that are processed, and closes those that are not', async () => {
    const { samples, drops, marks } = await runLive({ engineMs: () => 51, wantsPreview: true });
    expect(marks.previews).toBe(samples.length);
    expect(drops.length).toBeGreaterThan(0);
  });
});

describe('the search for the highest rate', () => {
  it.each([3.3, 10, 47, 183])(
    'finds what an engine that takes %d ms can follow, to one part in twenty',
    async (serviceMs) => {
      const { live, samples, drops } = await runLive({
        transferMs: 1,
        engineMs: () => serviceMs - 1,
        settings: { findMaxFps: true },
      });
      const limit = 1000 / serviceMs;
      expect(live.maxFps).toBeGreaterThanOrEqual(limit / RATE_PRECISION);
      // One frame of 130 may be missed, which lets a rate be held that is a little too high.
      expect(live.maxFps).toBeLessThanOrEqual(limit * 1.02);
      expect(samples.length + drops.length).toBe(300);
      expect(live.probes.find(({ value }) => value === live.maxFps)?.missedDeadlines).toBeLessThan(
        0.01,
      );
    },
  );

  it('ends with a rate that was held beside one that was not, also with a jittery engine', async () => {
    const random = createSeededRandom(11);
    const { live } = await runLive({
      engineMs: () => 15 + 10 * random(),
      settings: { findMaxFps: true },
    });
    const missed = live.probes.filter(({ missedDeadlines }) => missedDeadlines > 0.01);
    const lowestMissed = Math.min(...missed.map(({ value }) => value));
    expect(live.maxFps).toBeGreaterThan(1000 / 25 / RATE_PRECISION);
    expect(live.maxFps).toBeLessThan(1000 / 18);
    expect(lowestMissed / (live.maxFps ?? NaN)).toBeLessThanOrEqual(RATE_PRECISION);
  });

  it('counts a decoder that cannot follow', async () => {
    const { live } = await runLive({
      decodeMs: 20,
      engineMs: () => 5,
      settings: { findMaxFps: true },
    });
    expect(live.maxFps).toBeGreaterThan(50 / RATE_PRECISION);
    // Frames decoded ahead last for a while.
    expect(live.maxFps).toBeLessThan(50 * 1.1);
  });

  it('stays within its bounds', async () => {
    const settings = { findMaxFps: true };
    const fast = await runLive({ engineMs: () => 0.5, settings });
    expect(fast.live.maxFps).toBe(MAX_FPS);
    const slow = await runLive({ frames: 60, engineMs: () => 2000 / MIN_FPS, settings });
    expect(slow.live.maxFps).toBeNull();
  });

  it('is as new to the engine as the frames after those of the run', async () => {
    const { engines } = await runLive({ frames: 40, settings: { findMaxFps: true } });
    // expectSound has seen that they grow; here that frames of the search are among them.
    expect(engines[0]?.timestampsMs.length).toBeGreaterThan(40 + 130);
  });
});
