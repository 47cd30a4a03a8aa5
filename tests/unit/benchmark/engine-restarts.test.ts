// An engine that is lost in the middle of a run: in every scenario and in its warm-up. In a search: lost-in-search.test.ts.
import { describe, expect, it } from 'vitest';
import { createParityCheck, PARITY_FRAMES } from '../../../src/lib/benchmark/check-parity.ts';
import { MAX_ENGINE_RESTARTS } from '../../../src/lib/benchmark/engine-pool.ts';
import { runBenchmark } from '../../../src/lib/benchmark/run-benchmark.ts';
import { scenarioIds } from '../../../src/lib/benchmark/run-plan.ts';
import { WARM_UP_FRAMES } from '../../../src/lib/benchmark/warm-up.ts';
import { EngineError, EngineLostError } from '../../../src/lib/engines/pose-engine.ts';
import type { PoseEngine } from '../../../src/lib/engines/pose-engine.ts';
import { faultyRun } from '../../fixtures/faulty-run.ts';
import { FRAMES, LOAD_MS, runWithLosses, startWithLosses } from '../../fixtures/lossy-run.ts';
import { expectSound } from './expect-sound.ts';

/** In the measured part of each scenario, and in its warm-up. */
const MEASURED_CALL = 45;
const WARM_UP_CALL = 4;

describe.each(scenarioIds)('%s', (scenario) => {
  const streams = scenario === 'multi-stream' ? 2 : 1;
  const settings = { streams: scenario === 'multi-stream' ? streams : null };

  it('goes on with the next frame, and loading the model again is in no frame', async () => {
    const run = await runWithLosses(scenario, ({ call }) => call === MEASURED_CALL, { settings });
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

  it('gives up after three restarts, and closes all frames', async () => {
    const forLong = { settings: { ...settings, durationMs: 20 * LOAD_MS } };
    const run = await startWithLosses(scenario, ({ call }) => call >= MEASURED_CALL, forLong);
    await expect(run.report).rejects.toThrow(
      'The engine was lost again after it had been started anew 3 times. The worker failed.',
    );
    expect(run.pool.restarts()).toBe(MAX_ENGINE_RESTARTS);
    expect(run.samples.length).toBeGreaterThan(0);
    expect(run.ledger.open).toBe(0);
  });

  it('ends with an engine that only fails', async () => {
    const run = await startWithLosses(scenario, () => false, {
      settings,
      onEstimate(call) {
        if (call === MEASURED_CALL) throw new EngineError('It lacks the operator Foo.');
      },
    });
    await expect(run.report).rejects.toThrow('It lacks the operator Foo.');
    expect(run.ledger.open).toBe(0);
  });
});

it.each(['single-stream', 'offline'] as const)(
  '%s loses no frame but that one',
  async (scenario) => {
    const run = await runWithLosses(scenario, ({ call }) => call === MEASURED_CALL);
    expect(run.drops).toEqual([0]);
    expect(run.samples.map(({ index }) => index)).not.toContain(MEASURED_CALL);
  },
);

it.each(['live', 'multi-stream'] as const)(
  '%s warms a new engine up as it did the lost one, and counts no frame for it',
  async (scenario) => {
    const settings = { streams: 1 };
    const run = await runWithLosses(scenario, ({ call }) => call === WARM_UP_CALL, { settings });
    expect(run.pool.restarts()).toBe(1);
    expect(run.samples).toHaveLength(FRAMES);
    expect(run.drops).toEqual([]);
    // Of the second engine of the pool, and the third that the simulation made.
    expect(run.engines[2]?.timestampsMs).toHaveLength(WARM_UP_FRAMES + FRAMES);
  },
);

/** Makes this engine, whose frame with that number (of all engines made) is lost. */
function losing(engine: PoseEngine, lost: number): () => PoseEngine {
  let calls = 0;
  return () => ({
    ...engine,
    estimate(frame, timestampMs) {
      calls += 1;
      if (calls - 1 !== lost) return engine.estimate(frame, timestampMs);
      frame.close();
      return Promise.reject(new EngineLostError('LiteRT.js lost the GPU it computes on.'));
    },
  });
}

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

  it.each([
    ['warm-up', WARM_UP_CALL],
    ['search after it', WARM_UP_FRAMES + FRAMES + 20],
  ])('is valid when its engine was lost in the %s, and counts it', async (_, lost) => {
    const run = faultyRun('none', 5);
    const { summary } = await runBenchmark({
      ...run,
      plan: { ...run.plan, scenario: 'live', settings: { ...run.plan.settings, findMaxFps: true } },
      createEngine: losing(run.createEngine(run.signal), lost),
    });
    expect(summary.engineRestarts).toBe(1);
    expect(summary.verdict).toEqual({ valid: true, reasons: [] });
  });

  it('is compared with wasm over the same frames when the engine is lost meanwhile', async () => {
    const run = faultyRun('graphics by the processor', 5);
    const { request, source } = run;
    const reference = async (): Promise<PoseEngine> => {
      const other = faultyRun('none', 5).createEngine(run.signal);
      await other.load(request);
      return other;
    };
    const lost = (source.info.deliverableFrames ?? 0) + 2;
    const { summary } = await runBenchmark({
      ...run,
      createEngine: losing(run.createEngine(run.signal), lost),
      checkParity: createParityCheck(reference),
    });
    expect(summary.engineRestarts).toBe(1);
    expect(summary.frames.dropped).toBe(0);
    expect(summary.parity?.frames).toBe(PARITY_FRAMES);
    expect(summary.verdict.reasons).not.toContain('engine-restarted');
  });
});
