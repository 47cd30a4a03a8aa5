import { expect, it } from 'vitest';
import { createEnginePool } from '../../../src/lib/benchmark/engine-pool.ts';
import { defaultEngineOptions } from '../../../src/lib/engines/default-options.ts';
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
function poolOf(change: (engine: PoseEngine) => Partial<PoseEngine>) {
  const { engine, ledger } = fakeRun({ frames: 1 });
  const signals: AbortSignal[] = [];
  const pool = createEnginePool({
    request,
    createEngine(signal) {
      signals.push(signal);
      return { ...engine, ...change(engine) };
    },
    signal: new AbortController().signal,
    stallLimitMs: 20,
  });
  return { pool, ledger, signals };
}

const never = () => new Promise<never>(() => undefined);

it('ends every engine when one does not answer, and says so', async () => {
  const { pool, ledger, signals } = poolOf(() => ({ estimate: never }));
  const { engine } = await pool.add();
  await pool.add();
  await expect(engine.estimate(ledger.frame(), 0)).rejects.toThrow(
    'The engine did not answer for 0.02 s, so it counts as hung.',
  );
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
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
