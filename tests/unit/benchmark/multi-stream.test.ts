// Streams that share the cores of a device, in virtual time.
import { describe, expect, it } from 'vitest';
import { MAX_STREAMS } from '../../../src/lib/benchmark/multi-stream.ts';
import { runScenario } from '../../../src/lib/benchmark/run-scenario.ts';
import type { ScenarioReport } from '../../../src/lib/benchmark/scenario.ts';
import { EngineError } from '../../../src/lib/engines/pose-engine.ts';
import { simulate } from '../../fixtures/live-simulation.ts';
import type { SimulationOptions } from '../../fixtures/live-simulation.ts';
import { expectSound } from './expect-sound.ts';

type Found = { [Part in keyof ScenarioReport]: NonNullable<ScenarioReport[Part]> };

async function runMultiStream(options: SimulationOptions) {
  const simulation = simulate(options);
  const report = await runScenario('multi-stream', simulation.input);
  expectSound(simulation);
  return { ...simulation, ...(report as Found) };
}

describe('the search for how many streams are held', () => {
  it.each([
    // Each second has 1000 ms per core, and a stream needs 30 × 10 ms of them.
    { cores: 1, held: 3 },
    { cores: 2, held: 6 },
    { cores: 3, held: 10 },
  ])('finds $held on $cores cores', async ({ cores, held }) => {
    const { live, streams, samples, drops, engines } = await runMultiStream({
      frames: 150,
      cores,
      engineMs: () => 10,
    });
    expect(streams).toMatchObject({ streams: held, held });
    expect(streams.probes.map(({ value }) => value)).toEqual(
      Array.from({ length: held + 1 }, (_, i) => i + 1),
    );
    expect(streams.probes.at(-1)?.missedDeadlines).toBeGreaterThan(0.01);
    expect(engines).toHaveLength(held + 1);
    expect(samples.length + drops.length).toBe(150 * held);
    expect(new Set(samples.map(({ stream }) => stream)).size).toBe(held);
    expect(live.missedDeadlines).toBeLessThanOrEqual(0.01);
    expect(live).toMatchObject({ maxFps: null, probes: [] });
  });

  it('runs one stream where not even one is held', async () => {
    const { streams, samples, drops } = await runMultiStream({ engineMs: () => 51 });
    expect(streams).toMatchObject({ streams: 1, held: null });
    expect(streams.probes).toHaveLength(1);
    expect(samples.length + drops.length).toBe(300);
    expect(drops.length).toBeGreaterThan(0);
  });

  it('ends somewhere', async () => {
    const { streams } = await runMultiStream({ frames: 20, engineMs: () => 1 });
    expect(streams).toMatchObject({ streams: MAX_STREAMS, held: MAX_STREAMS });
  });

  it('ends where no further engine can be loaded', async () => {
    const simulation = simulate({ engineMs: () => 10 });
    const { streams } = await runScenario('multi-stream', {
      ...simulation.input,
      addEngine: () => Promise.reject(new EngineError('Out of memory.')),
    });
    expectSound(simulation);
    expect(streams).toMatchObject({ streams: 1, held: 1 });
    expect(streams?.probes[1]).toEqual({ value: 2, missedDeadlines: 1 });
  });

  it('ends where engines fail together, but not where one fails alone', async () => {
    const failingAt = (failing: number) =>
      simulate({
        engineMs: () => 10,
        onEstimate(call) {
          if (call === failing) throw new EngineError('Out of memory.');
        },
      });
    const { input: together } = failingAt(180);
    const { streams } = await runScenario('multi-stream', together);
    expect(streams).toMatchObject({ streams: 1, held: 1 });
    expect(streams?.probes[1]).toEqual({ value: 2, missedDeadlines: 1 });
    const { input: alone, ledger } = failingAt(30);
    await expect(runScenario('multi-stream', alone)).rejects.toThrow('Out of memory.');
    expect(ledger.open).toBe(0);
  });

  it('knows an engine that failed in its worker by its name, as its class stays there', async () => {
    const simulation = simulate({ engineMs: () => 10 });
    const failure = Object.assign(new Error('Out of memory.'), { name: 'EngineError' });
    const { streams } = await runScenario('multi-stream', {
      ...simulation.input,
      addEngine: () => Promise.reject(failure),
    });
    expect(streams?.held).toBe(1);
  });
});

describe('a number of streams that was asked for', () => {
  it('is run without a search, and said to be held or not', async () => {
    const asked = { frames: 60, cores: 1, engineMs: () => 10 };
    const two = await runMultiStream({ ...asked, settings: { streams: 2 } });
    expect(two.streams).toEqual({ streams: 2, held: 2, probes: [] });
    expect(two.samples).toHaveLength(120);
    const five = await runMultiStream({ ...asked, settings: { streams: 5 } });
    expect(five.streams).toEqual({ streams: 5, held: null, probes: [] });
    expect(five.samples.length + five.drops.length).toBe(300);
    expect(five.live.missedDeadlines).toBeGreaterThan(0.01);
  });

  it('goes on for as long as it was asked to', async () => {
    const { samples } = await runMultiStream({
      frames: 30,
      engineMs: () => 10,
      settings: { streams: 2, durationMs: 1990 },
    });
    expect(samples).toHaveLength(120);
    expect(samples.at(-1)).toMatchObject({ pass: 1, index: 29 });
  });

  it('is previewed in its first stream only', async () => {
    const { samples, marks } = await runMultiStream({
      frames: 30,
      engineMs: () => 10,
      settings: { streams: 3 },
      wantsPreview: true,
    });
    expect(samples).toHaveLength(90);
    expect(marks.previews).toBe(30);
  });
});
