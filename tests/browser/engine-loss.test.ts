// Real engines in real workers that are lost in the middle of a run: their worker is ended, fails or hangs,
// or the GPU is taken from them. The run goes on with another one.
import * as Comlink from 'comlink';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createEnginePool } from '../../src/lib/benchmark/engine-pool.ts';
import type { EnginePool } from '../../src/lib/benchmark/engine-pool.ts';
import { FrameLostError } from '../../src/lib/benchmark/frame-lost-error.ts';
import { createEngineClient } from '../../src/lib/engines/engine-client.ts';
import { isEngineLost } from '../../src/lib/engines/pose-engine.ts';
import type { EngineLoadRequest, PoseEngine } from '../../src/lib/engines/pose-engine.ts';
import type { EngineId } from '../../src/lib/models/model-spec.ts';
import { engineIds } from '../../src/lib/models/model-spec.ts';
import { parityOf } from '../../src/lib/metrics/pose-parity.ts';
import { actorFrame } from './actor-frames.ts';
import type { LosingEngine } from './losing-engine.worker.ts';
import { requestFor } from './target-request.ts';

/** A GPU that is a CPU takes most of it. */
const LIMIT_MS = 180_000;
const HANG_LIMIT_MS = 5000;
/** Mean OKS of an engine and its successor on the same frame. */
const SAME_OKS = 0.999;

const pools: EnginePool[] = [];
const workers: Worker[] = [];
afterEach(async () => {
  vi.unstubAllGlobals();
  await Promise.all(pools.splice(0).map((pool) => pool.dispose()));
  for (const worker of workers.splice(0)) worker.terminate();
});

function poolOf(
  request: EngineLoadRequest,
  createEngine: (signal: AbortSignal) => PoseEngine,
  stallLimitMs = LIMIT_MS,
): EnginePool {
  const signal = new AbortController().signal;
  const pool = createEnginePool({ request, createEngine, signal, stallLimitMs });
  pools.push(pool);
  return pool;
}

/** Has the clients' workers noted from now on. */
function noteWorkers(): void {
  const RealWorker = Worker;
  vi.stubGlobal(
    'Worker',
    class extends RealWorker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        workers.push(this);
      }
    },
  );
}

function client(engine: EngineId) {
  return (signal: AbortSignal): PoseEngine =>
    createEngineClient(engine, { signal, idleLimitMs: null });
}

/** Frames at the engine at once: it computes for longer than the page takes to act on the first result. */
const FRAMES_AHEAD = 8;

/** Resolves when the frame is with the worker: what was handed over is gone from the page. */
async function isSent(frame: VideoFrame): Promise<void> {
  await vi.waitFor(() => expect(frame.format).toBeNull(), { interval: 0 });
}

/** The same frame before and after: whoever was found is found again, in the same place. */
async function expectSamePoses(engine: PoseEngine, lose: () => Promise<unknown>): Promise<void> {
  const before = await engine.estimate(await actorFrame(), 0);
  await expect(lose()).rejects.toThrow(FrameLostError);
  const after = await engine.estimate(await actorFrame(), 0);
  expect(before.poses).toHaveLength(1);
  expect(parityOf([before.poses], [after.poses])?.meanOks).toBeGreaterThan(SAME_OKS);
}

describe('a worker', () => {
  it.each(engineIds)(
    'of %s that is ended in the middle of a frame is replaced',
    async (engine) => {
      noteWorkers();
      const pool = poolOf(await requestFor(`${engine}/blazepose-lite@wasm`), client(engine));
      const { engine: pooled } = await pool.add();
      await expectSamePoses(pooled, async () => {
        const frames = await Promise.all(Array.from({ length: FRAMES_AHEAD }, () => actorFrame()));
        const estimates = frames.map((frame, i) => pooled.estimate(frame, 40 * (i + 1)));
        const ends = Promise.allSettled(estimates);
        // Then it is at the second one.
        await estimates[0];
        for (const { format } of frames) expect(format).toBeNull();
        // Nobody tells the page: as when the browser takes its memory.
        workers[0]?.terminate();
        await ends;
        await estimates.at(-1);
      });
      expect(pool.restarts()).toBe(1);
      expect(workers).toHaveLength(2);
    },
    LIMIT_MS,
  );

  it('that was ended between two frames is noticed by itself, before the next is sent', async () => {
    noteWorkers();
    const engine = client('litert')(new AbortController().signal);
    await engine.load(await requestFor('litert/blazepose-lite@wasm'));
    workers[0]?.terminate();
    const failure = (): Promise<unknown> => engine.wasmHeaps().catch((cause: unknown) => cause);
    await expect.poll(async () => isEngineLost(await failure())).toBe(true);
    expect(String(await failure())).toContain('it ended, perhaps for lack of memory');
    const frame = await actorFrame();
    await expect(engine.estimate(frame, 0)).rejects.toThrow('worker failed');
    // Nobody else closes it.
    expect(frame.format).toBeNull();
  });

  it('whose script throws outside of a call is replaced', async () => {
    noteWorkers();
    const pool = poolOf(await requestFor('litert/blazepose-lite@wasm'), client('litert'));
    const { engine } = await pool.add();
    await expectSamePoses(engine, async () => {
      // Comlink in the worker throws on it, outside of whatever is called.
      workers[0]?.postMessage({ id: 'none', type: 'GET', path: [], argumentList: 7 });
      await engine.estimate(await actorFrame(), 40);
    });
    expect(pool.restarts()).toBe(1);
  });

  it(
    'that hangs is replaced when its time is up',
    async () => {
      let made = 0;
      const pool = poolOf(
        await requestFor('litert/blazepose-lite@wasm'),
        (signal) => {
          made += 1;
          return made === 1 ? hanging(signal) : client('litert')(signal);
        },
        HANG_LIMIT_MS,
      );
      const { engine } = await pool.add();
      await expect(engine.estimate(await actorFrame(), 0)).rejects.toThrow(FrameLostError);
      expect((await engine.estimate(await actorFrame(), 40)).poses).toHaveLength(1);
    },
    LIMIT_MS,
  );

  it('is not replaced when the engine refuses a frame', async () => {
    noteWorkers();
    const pool = poolOf(await requestFor('litert/blazepose-lite@wasm'), client('litert'));
    const { engine } = await pool.add();
    const closed = await actorFrame();
    const copy = closed.clone();
    closed.close();
    await expect(engine.estimate(closed, 0)).rejects.not.toThrow(FrameLostError);
    expect(pool.restarts()).toBe(0);
    expect((await engine.estimate(copy, 40)).poses).toHaveLength(1);
    expect(workers).toHaveLength(1);
  });
});

/** A client whose worker loads, and then computes for ever. */
function hanging(signal: AbortSignal): PoseEngine {
  const engine = client('litert')(signal);
  return { ...engine, estimate: (frame) => endlessLoop(frame) };
}

function endlessLoop(frame: VideoFrame): Promise<never> {
  const source = 'onmessage = ({ data }) => { data.close(); for (;;); }';
  const worker = new Worker(URL.createObjectURL(new Blob([source])));
  workers.push(worker);
  worker.postMessage(frame, [frame]);
  return new Promise(() => undefined);
}

/** An engine whose GPU can be taken away, behind the interface that a client has. */
function losing(engine: EngineId, made: Comlink.Remote<LosingEngine>[]) {
  return (signal: AbortSignal): PoseEngine => {
    const worker = new Worker(new URL('./losing-engine.worker.ts', import.meta.url), {
      type: 'module',
    });
    workers.push(worker);
    signal.addEventListener('abort', () => worker.terminate());
    const remote = Comlink.wrap<LosingEngine>(worker);
    made.push(remote);
    return {
      load: (request) => remote.load(engine, request),
      estimate: (frame, timestampMs) =>
        remote.estimate(Comlink.transfer(frame, [frame]), timestampMs),
      reset: () => remote.reset(),
      wasmHeaps: () => Promise.resolve(null),
      hastenCollection: () => Promise.resolve(),
      dispose: () => remote.dispose(),
    };
  };
}

const BETWEEN = 'between two frames';
const AMID = 'in the middle of one';

// A GPU that is a CPU takes half a minute for each of the slow ones: these are taken from once. MediaPipe
// gives its thread to nobody while it computes: nothing that this thread does can come amid a frame.
describe('the GPU', () => {
  it.each([
    ['mediapipe/blazepose-lite@wasm', BETWEEN],
    ['mediapipe/blazepose-lite@webgl', BETWEEN],
    ['litert/blazepose-lite@webgpu', BETWEEN],
    ['litert/blazepose-lite@webgpu', AMID],
    ['ort/blazepose-lite@webgpu', AMID],
    ['tfjs/blazepose-lite@webgl', BETWEEN],
    ['tfjs/blazepose-lite@webgl', AMID],
    ['tfjs/blazepose-lite@webgpu', AMID],
  ])(
    'can be taken from %s %s: the run goes on with a new one',
    async (target, moment) => {
      const [engine] = target.split('/') as [EngineId];
      const made: Comlink.Remote<LosingEngine>[] = [];
      const pool = poolOf(await requestFor(target), losing(engine, made));
      const { engine: pooled } = await pool.add();
      await expectSamePoses(pooled, async () => {
        const [first] = made;
        if (!first) throw new Error('No engine was made.');
        const frame = await actorFrame();
        const open = moment === AMID ? pooled.estimate(frame, 40) : null;
        if (open) await isSent(frame);
        const [{ lost, isAmid }] = await Promise.all([first.loseGpu(), open?.catch(() => null)]);
        expect(lost).toBeGreaterThan(0);
        expect(isAmid).toBe(moment === AMID);
        await (open ?? pooled.estimate(frame, 40));
      });
      expect(pool.restarts()).toBe(1);
      expect(made).toHaveLength(2);
    },
    LIMIT_MS,
  );
});
