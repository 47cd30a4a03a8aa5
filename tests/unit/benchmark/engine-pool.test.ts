import { expect, it, vi } from 'vitest';
import { createEnginePool } from '../../../src/lib/benchmark/engine-pool.ts';
import { defaultEngineOptions } from '../../../src/lib/engines/default-options.ts';
import { FrameLostError } from '../../../src/lib/benchmark/frame-lost-error.ts';
import { EngineError, EngineLostError } from '../../../src/lib/engines/pose-engine.ts';
import type { PoseEngine } from '../../../src/lib/engines/pose-engine.ts';
import { fakeRun } from '../../fixtures/fake-run.ts';

const request = {
  modelId: 'blazepose-lite',
  files: [],
  pipeline: { kind: 'mediapipe-pose-landmarker' },
  skeleton: 'blazepose-33',
  backend: 'wasm',
  options: defaultEngineOptions,
} as const;

/** A pool of engines made from a fake one, and what became of the signals that they got. */
function poolOf(change: (engine: PoseEngine) => Partial<PoseEngine>, stallLimitMs = 20) {
  const { engine, ledger } = fakeRun({ frames: 1 });
  const signals: AbortSignal[] = [];
  const pool = createEnginePool({
    request,
    createEngine(signal) {
      signals.push(signal);
      return { ...engine, ...change(engine) };
    },
    signal: new AbortController().signal,
    stallLimitMs,
  });
  return { pool, ledger, signals };
}

const never = () => new Promise<never>(() => undefined);

it('ends an engine that does not answer, puts another in its place, and leaves the others alone', async () => {
  let calls = 0;
  const { pool, ledger, signals } = poolOf((fake) => ({
    estimate(frame, timestampMs) {
      calls += 1;
      return calls === 1 ? never() : fake.estimate(frame, timestampMs);
    },
  }));
  const { engine } = await pool.add();
  await pool.add();
  await expect(engine.estimate(ledger.frame(), 0)).rejects.toThrow(FrameLostError);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false, false]);
  expect((signals[0]?.reason as Error).message).toBe(
    'The engine did not answer for 0.02 s, so it counts as hung. Reload the page and run again, or choose another target.',
  );
  expect((await engine.estimate(ledger.frame(), 40)).poses).toHaveLength(1);
  expect(pool.restarts()).toBe(1);
  expect(pool.engines).toHaveLength(2);
});

it('replaces an engine once when several of its calls are lost together', async () => {
  const waiting: ((cause: Error) => void)[] = [];
  let calls = 0;
  const { pool, ledger, signals } = poolOf(
    (fake) => ({
      estimate(frame, timestampMs) {
        calls += 1;
        if (calls > 2) return fake.estimate(frame, timestampMs);
        frame.close();
        return new Promise((_, reject) => waiting.push(reject));
      },
    }),
    10_000,
  );
  const { engine } = await pool.add();
  const lost = [engine.estimate(ledger.frame(), 0), engine.estimate(ledger.frame(), 40)];
  await vi.waitFor(() => expect(waiting).toHaveLength(2));
  for (const reject of waiting) reject(new EngineLostError('The worker failed.'));
  const outcomes = await Promise.allSettled(lost);
  expect(
    outcomes.map((outcome) => (outcome.status === 'rejected' ? (outcome.reason as Error) : null)),
  ).toEqual([expect.any(FrameLostError), expect.any(FrameLostError)]);
  expect(signals).toHaveLength(2);
  expect(pool.restarts()).toBe(1);
  await engine.estimate(ledger.frame(), 80);
  expect(ledger.open).toBe(0);
});

it('knows an engine that was lost in a worker by its name, as its class stays there', async () => {
  const { pool, ledger } = poolOf(() => ({
    estimate() {
      const cause = new Error('MediaPipe lost the GPU it computes on.');
      cause.name = 'EngineLostError';
      return Promise.reject(cause);
    },
  }));
  const { engine } = await pool.add();
  await expect(engine.estimate(ledger.frame(), 0)).rejects.toThrow(FrameLostError);
});

it('does not replace an engine that only fails', async () => {
  const { pool, ledger, signals } = poolOf(() => ({
    estimate: () => Promise.reject(new EngineError('It lacks the operator Foo.')),
  }));
  const { engine } = await pool.add();
  await expect(engine.estimate(ledger.frame(), 0)).rejects.toThrow('It lacks the operator Foo.');
  expect(signals).toHaveLength(1);
  expect(pool.restarts()).toBe(0);
});

it('ends an engine that hangs while it loads, and does not try again', async () => {
  const disposed = vi.fn(never);
  const { pool, signals } = poolOf(() => ({ load: never, wasmHeaps: never, dispose: disposed }));
  await expect(pool.add()).rejects.toThrow('did not answer for 0.1 s');
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  expect(pool.engines).toEqual([]);
  // It would be waited for again.
  expect(disposed).not.toHaveBeenCalled();
});

it('waits for a model that loads for long, while its worker answers', async () => {
  const { pool, signals } = poolOf((fake) => ({
    async load(request) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      return fake.load(request);
    },
  }));
  const { loaded } = await pool.add();
  expect(loaded.backendUsed).toBe('wasm');
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
});

it('frees an engine that could not load', async () => {
  const disposed = vi.fn(() => Promise.resolve());
  const { pool, signals } = poolOf(() => ({
    load: () => Promise.reject(new EngineError('No adapter.')),
    dispose: disposed,
  }));
  await expect(pool.add()).rejects.toThrow('No adapter.');
  expect(disposed).toHaveBeenCalledOnce();
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
});

it('does not replace an engine while it is told not to', async () => {
  let isReplaced = false;
  const { pool, ledger, signals } = poolOf(() => ({
    estimate: (frame) => {
      frame.close();
      return Promise.reject(new EngineLostError('The worker failed.'));
    },
  }));
  const { engine } = await pool.add(() => isReplaced);
  await expect(engine.estimate(ledger.frame(), 0)).rejects.toThrow(EngineLostError);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  expect(pool.restarts()).toBe(0);
  await engine.dispose();
  expect(pool.engines).toEqual([]);

  const { engine: other } = await pool.add(() => isReplaced);
  isReplaced = true;
  await expect(other.estimate(ledger.frame(), 0)).rejects.toThrow(FrameLostError);
  expect(pool.restarts()).toBe(1);
});

it('tries again when a new engine cannot load, and counts each', async () => {
  let loads = 0;
  const { pool, ledger } = poolOf((fake) => ({
    load(request) {
      loads += 1;
      return loads === 2 ? Promise.reject(new EngineError('No adapter.')) : fake.load(request);
    },
    estimate: (frame, timestampMs) =>
      loads === 1
        ? Promise.reject(new EngineLostError('The worker failed.'))
        : fake.estimate(frame, timestampMs),
  }));
  const { engine } = await pool.add();
  await expect(engine.estimate(ledger.frame(), 0)).rejects.toThrow(FrameLostError);
  expect(pool.restarts()).toBe(2);
  expect((await engine.estimate(ledger.frame(), 40)).poses).toHaveLength(1);
});

it('does not go on with an engine that comes back on another backend', async () => {
  let loads = 0;
  const { pool, ledger } = poolOf((fake) => ({
    async load(request) {
      loads += 1;
      const report = await fake.load(request);
      return loads === 2 ? { ...report, backendUsed: 'webgpu' } : report;
    },
    estimate: (frame, timestampMs) =>
      loads === 1
        ? Promise.reject(new EngineLostError('The worker failed.'))
        : fake.estimate(frame, timestampMs),
  }));
  const { engine } = await pool.add();
  await expect(engine.estimate(ledger.frame(), 0)).rejects.toThrow(FrameLostError);
  expect(loads).toBe(3);
});

it('stops at once when the run is cancelled while a new engine loads', async () => {
  const cancel = new AbortController();
  const { engine: fake, ledger } = fakeRun({ frames: 1 });
  let made = 0;
  const pool = createEnginePool({
    request,
    createEngine(signal) {
      made += 1;
      const aborted = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      });
      aborted.catch(() => undefined);
      return {
        ...fake,
        load: made === 1 ? fake.load.bind(fake) : () => aborted,
        estimate: () => Promise.reject(new EngineLostError('The worker failed.')),
      };
    },
    signal: cancel.signal,
    stallLimitMs: 10_000,
  });
  const { engine } = await pool.add();
  const lost = engine.estimate(ledger.frame(), 0);
  await vi.waitFor(() => expect(made).toBe(2));
  cancel.abort(new Error('Enough.'));
  await expect(lost).rejects.toThrow('Enough.');
  expect(made).toBe(2);
});

it('has nobody to forget in an engine that was replaced while it was told to', async () => {
  const { pool, signals } = poolOf(() => ({
    reset: () => Promise.reject(new EngineLostError('The worker failed.')),
  }));
  const { engine } = await pool.add();
  await engine.reset();
  expect(signals).toHaveLength(2);
});

it('does not wait for ever for an engine that cannot be freed', async () => {
  const { pool, signals } = poolOf(() => ({ dispose: never }));
  await pool.add();
  await pool.dispose();
  expect(signals[0]?.aborted).toBe(true);
});

it('leaves engines alone that answer in time, and frees them all', async () => {
  let disposed = 0;
  const { pool, ledger, signals } = poolOf(() => ({
    async dispose() {
      disposed += 1;
    },
  }));
  const { engine, loaded } = await pool.add();
  await pool.add();
  expect((await engine.estimate(ledger.frame(), 0)).poses).toHaveLength(1);
  expect(loaded.loadMs).toBe(300);
  await pool.dispose();
  expect(disposed).toBe(2);
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
});
