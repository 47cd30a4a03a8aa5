// An engine that is lost in the middle of a run: in every scenario, in its warm-up and in its search.
import { describe, expect, it } from 'vitest';
import { createParityCheck, PARITY_FRAMES } from '../../../src/lib/benchmark/check-parity.ts';
import { createEnginePool, MAX_ENGINE_RESTARTS } from '../../../src/lib/benchmark/engine-pool.ts';
import { runBenchmark } from '../../../src/lib/benchmark/run-benchmark.ts';
import { scenarioIds } from '../../../src/lib/benchmark/run-plan.ts';
import type { ScenarioId } from '../../../src/lib/benchmark/run-plan.ts';
import { runScenario } from '../../../src/lib/benchmark/run-scenario.ts';
import { WARM_UP_FRAMES } from '../../../src/lib/benchmark/warm-up.ts';
import { EngineError, EngineLostError } from '../../../src/lib/engines/pose-engine.ts';
import type { PoseEngine } from '../../../src/lib/engines/pose-engine.ts';
import { faultyRun } from '../../fixtures/faulty-run.ts';
import { simulate } from '../../fixtures/live-simulation.ts';
import type { SimulationOptions } from '../../fixtures/live-simulation.ts';
import { expectSound } from './expect-sound.ts';

const FRAMES = 300;
const LOAD_MS = 5000;
/** In the measured part of each scenario, and in its warm-up. */
const MEASURED_CALL = 45;
const WARM_UP_CALL = 4;

/** A scenario in virtual time on engines of a pool, whose calls with these numbers are lost. */
async function runWithLosses(
  scenario: ScenarioId,
  isLost: (call: number) => boolean,
  options: SimulationOptions = {},
) {
  const simulation = simulate({
    frames: FRAMES,
    decodeMs: 3,
    transferMs: 2,
    wantsPreview: true,
    onEstimate(call) {
      if (isLost(call)) throw new EngineLostError('The worker failed.');
    },
    ...options,
  });
  const { input, time } = simulation;
  const pool = createEnginePool({
    request: faultyRun('none', 1).request,
    createEngine: () => loadable(input.addEngine(), () => time.pass(LOAD_MS)),
    signal: input.signal,
    stallLimitMs: 10_000,
  });
  const { engine } = await pool.add();
  const addEngine = async () => (await pool.add()).engine;
  const report = await runScenario(scenario, { ...input, engine, addEngine });
  return { ...simulation, pool, report };
}

/** The simulated engine, which is known only a moment later, behind a load that takes time. */
function loadable(made: Promise<PoseEngine>, load: () => Promise<void>): PoseEngine {
  return {
    async load() {
      await load();
      const report = { engineVersion: '1', modelSha256: 'c'.repeat(64), loadMs: LOAD_MS };
      return { ...report, backendUsed: 'wasm', threadsUsed: 1 };
    },
    estimate: async (frame, timestampMs) => (await made).estimate(frame, timestampMs),
    reset: () => Promise.resolve(),
    wasmHeaps: () => Promise.resolve(null),
    hastenCollection: () => Promise.resolve(),
    dispose: () => Promise.resolve(),
  };
}

describe.each(scenarioIds)('%s', (scenario) => {
  const streams = scenario === 'multi-stream' ? 2 : 1;
  const settings = { streams: scenario === 'multi-stream' ? streams : null };

  it('goes on with the next frame, and loading the model again is in no frame', async () => {
    const run = await runWithLosses(scenario, (call) => call === MEASURED_CALL, { settings });
    expect(run.pool.restarts()).toBe(1);
    expect(run.samples.length + run.drops.length).toBe(streams * FRAMES);
    expect(run.drops.length).toBeGreaterThanOrEqual(1);
    expectSound(run);
    expect(Math.max(...run.samples.map(({ endToEndMs }) => endToEndMs))).toBeLessThan(LOAD_MS / 10);
    const { live } = run.report;
    if (live) {
      expect(live.missedDeadlines).toBe((run.drops.length + live.lateFrames) / (streams * FRAMES));
    }
    // The run's own clock goes on.
    expect(run.marks.endMs - run.marks.startMs).toBeGreaterThan(LOAD_MS);
  });

  it('loses no frame but that one where none can be late', async () => {
    if (scenario === 'live' || scenario === 'multi-stream') return;
    const run = await runWithLosses(scenario, (call) => call === MEASURED_CALL);
    expect(run.drops).toEqual([0]);
    expect(run.samples.map(({ index }) => index)).not.toContain(MEASURED_CALL);
  });

  it('gives up after three restarts, and closes all frames', async () => {
    const forLong = { settings: { ...settings, durationMs: 20 * LOAD_MS } };
    const run = runWithLosses(scenario, (call) => call >= MEASURED_CALL, forLong);
    await expect(run).rejects.toThrow(
      'The engine was lost again after it had been started anew 3 times. The worker failed.',
    );
  });

  it('ends with an engine that only fails', async () => {
    const run = runWithLosses(scenario, () => false, {
      settings,
      onEstimate(call) {
        if (call === MEASURED_CALL) throw new EngineError('It lacks the operator Foo.');
      },
    });
    await expect(run).rejects.toThrow('It lacks the operator Foo.');
  });
});

it.each(['live', 'multi-stream'] as const)(
  '%s warms a new engine up as it did the lost one, and counts no frame for it',
  async (scenario) => {
    const settings = { streams: 1 };
    const run = await runWithLosses(scenario, (call) => call === WARM_UP_CALL, { settings });
    expect(run.pool.restarts()).toBe(1);
    expect(run.samples).toHaveLength(FRAMES);
    expect(run.drops).toEqual([]);
    // Of the second engine of the pool, and the third that the simulation made.
    expect(run.engines[2]?.timestampsMs).toHaveLength(WARM_UP_FRAMES + FRAMES);
  },
);

it('finds the highest rate with an engine that was lost in the search', async () => {
  const inSearch = WARM_UP_FRAMES + FRAMES + 20;
  const settings = { findMaxFps: true };
  const run = await runWithLosses('live', (call) => call === inSearch, { settings });
  expect(run.pool.restarts()).toBe(1);
  expect(run.drops).toEqual([]);
  expect(run.report.live?.probes.length).toBeGreaterThan(1);
  expect(run.report.live?.maxFps).toBeGreaterThan(30);
});

it('finds how many streams are held with an engine that was lost in the search', async () => {
  const inSearch = WARM_UP_FRAMES + 20;
  const settings = { streams: null };
  const options = { settings, cores: 1 };
  const run = await runWithLosses('multi-stream', (call) => call === inSearch, options);
  expect(run.pool.restarts()).toBe(1);
  expect(run.report.streams?.probes[0]?.value).toBe(1);
  expectSound(run);
});

describe('a whole run', () => {
  it('says how often its engine was lost, is invalid for that alone, and has all other frames', async () => {
    const { samples, summary } = await runBenchmark(faultyRun('worker dies', 5));
    expect(summary.outcome).toBe('finished');
    expect(summary.engineRestarts).toBe(1);
    expect(summary.frames).toMatchObject({ decoded: 300, processed: 299, dropped: 1 });
    expect(summary.verdict.reasons).toEqual(['engine-restarted']);
    expect(samples).toHaveLength(299);
    expect(summary.accuracy?.images).toBe(299);
  });

  it('that is given up keeps its samples and says both', async () => {
    const { samples, summary } = await runBenchmark(faultyRun('every worker dies', 5));
    expect(summary.outcome).toBe('failed');
    expect(summary.engineRestarts).toBe(MAX_ENGINE_RESTARTS);
    expect(summary.verdict.reasons).toEqual(['engine-restarted', 'engine-error']);
    expect(summary.frames.dropped).toBe(MAX_ENGINE_RESTARTS);
    expect(samples.length).toBeGreaterThanOrEqual(80);
  });

  it('is compared with wasm over the same frames when the engine is lost meanwhile', async () => {
    const run = faultyRun('graphics by the processor', 5);
    const engine = run.createEngine(run.signal);
    const { request, source } = run;
    const reference = async (): Promise<PoseEngine> => {
      const other = faultyRun('none', 5).createEngine(run.signal);
      await other.load(request);
      return other;
    };
    let calls = 0;
    const { summary } = await runBenchmark({
      ...run,
      createEngine: () => ({
        ...engine,
        estimate(frame, timestampMs) {
          calls += 1;
          if (calls !== (source.info.deliverableFrames ?? 0) + 3) {
            return engine.estimate(frame, timestampMs);
          }
          frame.close();
          return Promise.reject(new EngineLostError('LiteRT.js lost the GPU it computes on.'));
        },
      }),
      checkParity: createParityCheck(reference),
    });
    expect(summary.engineRestarts).toBe(1);
    expect(summary.frames.dropped).toBe(0);
    expect(summary.parity?.frames).toBe(PARITY_FRAMES);
    expect(summary.verdict.reasons).toContain('engine-restarted');
  });
});
