// As many frames as possible, in virtual time.
import { expect, it } from 'vitest';
import { DECODED_AHEAD_FRAMES, SENT_AT_ONCE } from '../../../src/lib/benchmark/offline.ts';
import { runScenario } from '../../../src/lib/benchmark/run-scenario.ts';
import { simulate } from '../../fixtures/live-simulation.ts';
import type { SimulationOptions } from '../../fixtures/live-simulation.ts';
import { expectSound } from './expect-sound.ts';

/** Runs it and notes the most frames that were open and that waited. */
async function runOffline(options: SimulationOptions) {
  const simulation = simulate(options);
  const most = { open: 0, waiting: 0 };
  const report = await runScenario('offline', {
    ...simulation.input,
    onSample(sample, durationMs, preview, queueDepth) {
      most.open = Math.max(most.open, simulation.ledger.open);
      most.waiting = Math.max(most.waiting, queueDepth);
      simulation.input.onSample(sample, durationMs, preview, queueDepth);
    },
  });
  expect(report).toEqual({ live: null, streams: null, firstInferenceMs: null });
  expectSound(simulation);
  return { ...simulation, most };
}

it('keeps the engine busy: decoding and transfer cost nothing but at the start', async () => {
  const { samples, most } = await runOffline({
    frames: 100,
    decodeMs: 5,
    transferMs: 3,
    engineMs: () => 20,
  });
  expect(samples).toHaveLength(100);
  expect(samples.map(({ doneMs }) => doneMs)).toEqual(samples.map((_, i) => 28 + 20 * i));
  // Hidden behind the frame before; that one's work is what the frame waited for.
  expect(samples[50]).toMatchObject({ decodeMs: 5, transferMs: 0, engineMs: 20 });
  expect(most.waiting).toBe(DECODED_AHEAD_FRAMES);
  expect(most.open).toBeLessThanOrEqual(DECODED_AHEAD_FRAMES + SENT_AT_ONCE);
});

it('tells waiting behind an earlier frame in the worker from transfer', async () => {
  // Two frames are there at once; both are sent, and the second waits for the first to be done.
  const { samples } = await runOffline({ frames: 2, transferMs: 3, engineMs: () => 20 });
  expect(samples[0]).toMatchObject({ queueMs: 0, transferMs: 3, endToEndMs: 23, doneMs: 23 });
  expect(samples[1]).toMatchObject({ queueMs: 23, transferMs: 0, endToEndMs: 43, doneMs: 43 });
});

it('goes as fast as the decoder when that is slower', async () => {
  const { samples, most } = await runOffline({
    frames: 100,
    decodeMs: 30,
    transferMs: 3,
    engineMs: () => 20,
  });
  expect(samples.map(({ doneMs }) => doneMs)).toEqual(samples.map((_, i) => 53 + 30 * i));
  expect(samples[50]).toMatchObject({ decodeMs: 30, queueMs: 0, transferMs: 3, engineMs: 20 });
  expect(most.waiting).toBe(0);
});

it('repeats the source until the time is over, and processes what was decoded by then', async () => {
  const { samples, drops } = await runOffline({
    frames: 10,
    decodeMs: 5,
    engineMs: () => 20,
    settings: { durationMs: 1000 },
  });
  expect(drops).toEqual([]);
  expect(samples.at(-1)?.doneMs).toBeGreaterThan(1000);
  expect(samples.at(-1)?.doneMs).toBeLessThan(
    1000 + 20 * (DECODED_AHEAD_FRAMES + SENT_AT_ONCE + 1),
  );
  expect(samples.at(-1)?.pass).toBe(Math.floor((samples.length - 1) / 10));
});
