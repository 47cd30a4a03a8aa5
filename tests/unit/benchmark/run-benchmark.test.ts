import { describe, expect, it } from 'vitest';
import { runBenchmark } from '../../../src/lib/benchmark/run-benchmark.ts';
import type { RunInput, RunObserver } from '../../../src/lib/benchmark/run-benchmark.ts';
import type { WindowSummary } from '../../../src/lib/benchmark/window-accumulator.ts';
import { defaultEngineOptions } from '../../../src/lib/engines/default-options.ts';
import { SourceError } from '../../../src/lib/video/frame-source.ts';
import type { FrameSource } from '../../../src/lib/video/frame-source.ts';
import { fakeRun, host, meterThatReads, somebody } from '../../fixtures/fake-run.ts';
import type { FakeRunOptions } from '../../fixtures/fake-run.ts';
import { plan } from '../../fixtures/run-plans.ts';

const STARTED_AT = '2026-11-05T10:00:00.000Z';

type Setup = FakeRunOptions & { input?: Partial<RunInput>; observer?: Partial<RunObserver> };

function setUp({ input, observer, ...options }: Setup) {
  const fake = fakeRun(options);
  const abort = new AbortController();
  const windows: WindowSummary[] = [];
  const run: RunInput = {
    plan,
    request: {
      modelId: 'blazepose-lite',
      files: [
        { name: 'model', url: '/models/blazepose-lite.task', bytes: 1, sha256: 'c'.repeat(64) },
      ],
      pipeline: { kind: 'mediapipe-pose-landmarker' },
      skeleton: 'blazepose-33',
      backend: 'wasm',
      options: defaultEngineOptions,
    },
    source: fake.source,
    createEngine: () => fake.engine,
    stallLimitMs: 1000,
    host,
    meter: meterThatReads({}),
    observer: {
      onStart: () => undefined,
      wantsPreview: () => false,
      onFrame: (_, preview) => preview?.close(),
      onWindow: (window) => windows.push(window),
      ...observer,
    },
    signal: abort.signal,
    timer: fake.clock,
    now: () => new Date(STARTED_AT),
    wasHidden: () => false,
    ...input,
  };
  return { ...fake, abort, windows, run };
}

describe('a run to the end', () => {
  it('times each stage, and the stages add up to the frame', async () => {
    const { run } = setUp({ frames: 100, decodeMs: 1, transferMs: 2, engineMs: 20 });
    const { samples, summary } = await runBenchmark(run);
    expect(samples).toHaveLength(100);
    for (const sample of samples) {
      expect(sample).toMatchObject({ decodeMs: 1, transferMs: 2, engineMs: 20, endToEndMs: 23 });
    }
    expect(summary).toMatchObject({
      outcome: 'finished',
      startedAt: STARTED_AT,
      wallTimeMs: 2300,
      effectiveFps: 100_000 / 2300,
      loadMs: 300,
      firstInferenceMs: 20,
      frames: { decoded: 100, processed: 100, dropped: 0, detected: 100 },
      verdict: { valid: true, reasons: [] },
    });
    expect(summary.latencyMs.endToEnd?.p50).toBe(23);
    expect(summary.latencyMs.inference).toBeNull();
    expect(summary.nullReasons['latencyMs.inference']).toContain('closed pipeline');
    expect(summary.nullReasons['latencyMs.*.p99']).toContain('662');
  });

  it('counts and describes who was found', async () => {
    const { run } = setUp({ frames: 100, empty: [0, 1, 2, 3, 4] });
    const { summary } = await runBenchmark(run);
    expect(summary.frames.detected).toBe(95);
    expect(summary.quality).toMatchObject({
      detectionRate: 0.95,
      meanVisibility: expect.closeTo(0.8, 12) as number,
      confidence: { p10: 0.8, p50: 0.8, p90: 0.8 },
    });
  });

  it('tells how much the one person trembles, but not from picture to picture', async () => {
    const { run, engine, source } = setUp({ frames: 5 });
    const estimate = engine.estimate.bind(engine);
    let index = 0;
    engine.estimate = async (frame, timestampMs) => {
      const result = await estimate(frame, timestampMs);
      index += 1;
      const keypoints = Array.from({ length: 33 }, (_, joint) => ({
        x: 10 * joint + 3 * (index % 2),
        y: 7 * joint,
        score: 0.8,
      }));
      return { ...result, poses: [{ skeleton: 'blazepose-33', score: 0.8, keypoints }] };
    };
    const { summary } = await runBenchmark(run);
    // The shoulders are joints 11 and 12, the hips 23 and 24.
    expect(summary.quality.jitter).toBeCloseTo(6 / Math.hypot(120, 84), 12);
    expect(summary.nullReasons['quality.jitter']).toBeUndefined();

    const pictures = { ...source, info: { ...source.info, kind: 'images' as const } };
    const unrelated = await runBenchmark({ ...run, source: pictures });
    expect(unrelated.summary.quality.jitter).toBeNull();
    expect(unrelated.summary.nullReasons['quality.jitter']).toContain('do not follow each other');
  });

  it('tiles the wall time with windows whose frames add up to the run', async () => {
    const { run, windows } = setUp({ frames: 300 });
    const { summary } = await runBenchmark(run);
    expect(windows.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(windows.map(({ frames }) => frames.processed)).toEqual([131, 131, 38]);
    let endMs = 0;
    for (const window of windows) {
      expect(window.startMs).toBe(endMs);
      endMs += window.wallDurationMs;
      expect(window.latencyMs.endToEnd).toHaveLength(window.frames.processed);
      expect(window.mediaDurationMs).toBe(window.frames.processed * 40);
      expect(window.sketches.endToEnd?.count).toBe(window.frames.processed);
      expect(window.sketches.inference).toBeNull();
    }
    expect(endMs).toBe(summary.wallTimeMs);
  });

  it('cuts windows shorter rather than let one grow beyond what an event holds', async () => {
    const { run, windows } = setUp({ frames: 100 });
    const plan = { ...run.plan, maxWindowFrames: 40 };
    await runBenchmark({ ...run, plan });
    expect(windows.map(({ frames }) => frames.processed)).toEqual([40, 40, 20]);
  });

  it('hands the engine timestamps that grow from 0, whatever the file begins with', async () => {
    const { run, timestampsMs } = setUp({ frames: 3 });
    await runBenchmark(run);
    expect(timestampsMs).toEqual([0, 40, 80]);
  });

  it('closes every frame and preview, and disposes of the engine', async () => {
    const { run, ledger, engine } = setUp({ frames: 70, observer: { wantsPreview: () => true } });
    await runBenchmark(run);
    expect(ledger.open).toBe(0);
    expect(engine.disposed).toBe(true);
  });
});

describe('a run that ends early', () => {
  it('keeps what it had when cancelled', async () => {
    const { run, abort, windows, ledger, engine } = setUp({
      frames: 100,
      onEstimate: (index) => {
        if (index !== 70) return;
        abort.abort();
        throw new Error('the worker is gone');
      },
    });
    const { summary, samples } = await runBenchmark(run);
    expect(samples).toHaveLength(70);
    expect(summary.failure).toBeNull();
    expect(summary.outcome).toBe('cancelled');
    expect(summary.verdict).toEqual({ valid: false, reasons: ['cancelled'] });
    expect(windows.at(-1)?.frames.processed).toBe(70);
    expect(ledger.open).toBe(0);
    expect(engine.disposed).toBe(true);
  });

  it('keeps what it had when the engine fails, and says why', async () => {
    const { run, ledger } = setUp({
      frames: 100,
      observer: { wantsPreview: () => true },
      onEstimate: (index) => {
        if (index === 80) throw new Error('Out of memory.');
      },
    });
    const { summary, samples } = await runBenchmark(run);
    expect(samples).toHaveLength(80);
    expect(summary.failure).toBe('Out of memory.');
    expect(summary.outcome).toBe('failed');
    expect(summary.verdict.reasons).toEqual(['engine-error']);
    expect(ledger.open).toBe(0);
  });

  it('blames the clip when the decoder fails', async () => {
    const { run, source } = setUp({ frames: 100 });
    const breaking: FrameSource = {
      ...source,
      async *frames() {
        yield* source.frames();
        throw new SourceError('unreadable', 'actor.mp4 could not be decoded.');
      },
    };
    const { summary } = await runBenchmark({ ...run, source: breaking });
    expect(summary.failure).toBe('actor.mp4 could not be decoded.');
    expect(summary.outcome).toBe('failed');
    expect(summary.verdict.reasons).toEqual(['frames-lost']);
  });

  it('has figures of nothing when not one frame was processed', async () => {
    const { run } = setUp({
      frames: 100,
      onEstimate: () => {
        throw new Error('No.');
      },
    });
    const { summary } = await runBenchmark(run);
    expect(summary).toMatchObject({
      wallTimeMs: 0,
      effectiveFps: null,
      firstInferenceMs: null,
      latencyMs: { endToEnd: null },
      quality: { detectionRate: null, meanVisibility: null },
    });
    for (const path of [
      'effectiveFps',
      'firstInferenceMs',
      'latencyMs.endToEnd',
      'latencyMs.decode',
    ]) {
      expect(summary.nullReasons[path]).toBeTruthy();
    }
  });

  it('keeps what it had when a figure is no number', async () => {
    const { run, engine, windows } = setUp({ frames: 100 });
    const estimate = engine.estimate.bind(engine);
    let index = 0;
    engine.estimate = async (frame, timestampMs) => {
      const result = await estimate(frame, timestampMs);
      index += 1;
      return index <= 70 ? result : { ...result, inferenceMs: NaN };
    };
    const { summary, samples } = await runBenchmark(run);
    expect(samples).toHaveLength(70);
    expect(summary.outcome).toBe('failed');
    expect(summary.failure).toContain('at frame 70 because the engine gave NaN as its inferenceMs');
    expect(windows.at(-1)?.frames.processed).toBe(70);
  });

  it.each([
    ['is cut off', somebody.keypoints.slice(1)],
    ['is nowhere', somebody.keypoints.map((point) => ({ ...point, x: NaN }))],
  ])('keeps what it had when a pose %s', async (_, keypoints) => {
    const { run, engine } = setUp({ frames: 100 });
    const estimate = engine.estimate.bind(engine);
    let index = 0;
    engine.estimate = async (frame, timestampMs) => {
      const result = await estimate(frame, timestampMs);
      index += 1;
      return index <= 70 ? result : { ...result, poses: [{ ...somebody, keypoints }] };
    };
    const { summary, samples } = await runBenchmark(run);
    expect(samples).toHaveLength(70);
    expect(summary.failure).toContain('at frame 70 because the engine gave no whole pose of 33');
  });

  it('keeps its samples when the last window cannot be told', async () => {
    const { run } = setUp({
      frames: 100,
      observer: {
        onWindow: () => {
          throw new Error('The outbox is full.');
        },
      },
    });
    const { summary, samples } = await runBenchmark(run);
    expect(samples).toHaveLength(100);
    expect(summary).toMatchObject({ outcome: 'failed', failure: 'The outbox is full.' });
  });

  it('keeps its samples when the accuracy cannot be computed', async () => {
    const scoreAccuracy = () => {
      throw new Error('The ground truth is of another clip.');
    };
    const { run } = setUp({ frames: 100, input: { scoreAccuracy } });
    const { summary, samples } = await runBenchmark(run);
    expect(samples).toHaveLength(100);
    expect(summary).toMatchObject({
      accuracy: null,
      failure: 'The ground truth is of another clip.',
    });
  });

  it('keeps its result when the engine cannot be disposed of', async () => {
    const { run, engine } = setUp({ frames: 100 });
    engine.dispose = () => Promise.reject(new Error('The worker is gone.'));
    const { summary } = await runBenchmark(run);
    expect(summary).toMatchObject({ outcome: 'finished', verdict: { valid: true } });
    engine.load = () => Promise.reject(new Error('The model is not on this server.'));
    await expect(runBenchmark(run)).rejects.toThrow('not on this server');
  });

  it('is no run when the model does not load', async () => {
    const { run, engine } = setUp({ frames: 100, observer: { onStart: () => expect.fail() } });
    engine.load = () => Promise.reject(new Error('The model is not on this server.'));
    await expect(runBenchmark(run)).rejects.toThrow('not on this server');
    expect(engine.disposed).toBe(true);
  });
});

const software = { name: 'google swiftshader', software: true };

describe('the verdict', () => {
  it.each([
    ['too-few-samples', { frames: 63 }],
    ['too-short', { frames: 64, input: { plan: { ...plan, minDurationMs: 60_000 } } }],
    ['source-truncated', { frames: 64, truncated: true }],
    ['backend-fallback', { frames: 64, backendUsed: 'webgl' }],
    ['software-adapter', { frames: 64, input: { host: { ...host, adapter: software } } }],
    ['tab-hidden', { frames: 64, input: { wasHidden: () => true } }],
    ['coarse-clock', { frames: 64, input: { host: { ...host, clockResolutionMs: 0.1 } } }],
  ] as const)('%s', async (reason, setup) => {
    const { summary } = await runBenchmark(setUp(setup).run);
    expect(summary.verdict).toEqual({ valid: false, reasons: [reason] });
  });

  it('says where the model really ran', async () => {
    const { summary } = await runBenchmark(setUp({ frames: 64, backendUsed: 'webgl' }).run);
    expect(summary).toMatchObject({ backend: 'wasm', backendUsed: 'webgl' });
  });

  it('frames-lost', async () => {
    const { run, source } = setUp({ frames: 64 });
    const lossy = { ...source, info: { ...source.info, deliverableFrames: 65 } };
    const { summary } = await runBenchmark({ ...run, source: lossy });
    expect(summary.verdict.reasons).toEqual(['frames-lost']);
  });
});
