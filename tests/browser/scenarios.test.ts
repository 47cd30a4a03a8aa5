// The scenarios with a real engine, real decoders and the page's own clock. Whether a rate is held depends
// on the machine, so what is checked is the accounting; what is dropped when: tests/unit/benchmark.
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import type { FrameSample } from '../../src/lib/benchmark/run-result.ts';
import { defaultSettings } from '../../src/lib/benchmark/run-plan.ts';
import type { ScenarioId, ScenarioSettings } from '../../src/lib/benchmark/run-plan.ts';
import { runScenario } from '../../src/lib/benchmark/run-scenario.ts';
import { pageTimer } from '../../src/lib/benchmark/timer.ts';
import { createEngineClient } from '../../src/lib/engines/engine-client.ts';
import type { PoseEngine } from '../../src/lib/engines/pose-engine.ts';
import { openCamera } from '../../src/lib/video/camera-source.ts';
import { openClip } from '../../src/lib/video/clip-source.ts';
import type { FrameSource } from '../../src/lib/video/frame-source.ts';
import { actorClip } from './made-clips.ts';
import { requestFor } from './target-request.ts';

const FRAMES = 60;
/** A stage's two clock readings may differ by the clock's resolution, in ms. */
const CLOCK_TOLERANCE_MS = 0.05;

const request = await requestFor('mediapipe/blazepose-lite@wasm');
const engines: PoseEngine[] = [];
async function loadEngine(): Promise<PoseEngine> {
  const engine = createEngineClient('mediapipe');
  engines.push(engine);
  await engine.load(request);
  return engine;
}
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.dispose()));
});

/** A source that counts the frames it gave and keeps no hold of them. */
function watch(source: FrameSource): { source: FrameSource; open: () => number } {
  const given: VideoFrame[] = [];
  return {
    source: {
      ...source,
      async *frames(signal) {
        for await (const next of source.frames(signal)) {
          given.push(next.frame);
          yield next;
        }
      },
    },
    // A frame that was closed or sent away has no format any more.
    open: () => given.filter(({ format }) => format !== null).length,
  };
}

async function run(
  scenario: ScenarioId,
  from: FrameSource,
  settings: Partial<ScenarioSettings> = {},
  onFrame?: () => void,
  signal = new AbortController().signal,
) {
  const { source, open } = watch(from);
  const samples: FrameSample[] = [];
  const dropped: number[] = [];
  const report = await runScenario(scenario, {
    source,
    engine: await loadEngine(),
    addEngine: loadEngine,
    engineRestarts: () => 0,
    settings: { ...defaultSettings, ...settings },
    timer: pageTimer,
    signal,
    onStart: () => undefined,
    onEnd: () => undefined,
    wantsPreview: () => samples.length % 7 === 0,
    onSample(sample, _, preview) {
      samples.push(sample);
      preview?.close();
      onFrame?.();
    },
    onDrop: (_, stream) => dropped.push(stream),
  }).finally(() => {
    expect(open()).toBe(0);
  });
  expectAccounted(samples);
  return { samples, dropped, report };
}

function expectAccounted(samples: readonly FrameSample[]): void {
  for (const { decodeMs, queueMs, transferMs, engineMs, endToEndMs } of samples) {
    const stages = [decodeMs, queueMs, transferMs, engineMs];
    expect(Math.min(...stages)).toBeGreaterThanOrEqual(0);
    const sumMs = stages.reduce((sum, ms) => sum + ms, 0);
    expect(Math.abs(sumMs - endToEndMs)).toBeLessThan(CLOCK_TOLERANCE_MS);
  }
  for (const stream of new Set(samples.map((sample) => sample.stream))) {
    const mine = samples.filter((sample) => sample.stream === stream);
    const order = mine.map(({ pass, index }) => pass * FRAMES + index);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(new Set(order).size).toBe(order.length);
  }
}

async function actor(): Promise<FrameSource> {
  const source = await openClip(await actorClip(), { kind: 'actor', maxFrames: FRAMES });
  onTestFinished(() => source.close());
  return source;
}

describe('with a real engine on the actor', () => {
  it.each(['single-stream', 'offline'] as const)(
    '%s processes every frame once, in order',
    async (scenario) => {
      const { samples, dropped } = await run(scenario, await actor());
      expect(samples.map(({ index }) => index)).toEqual(
        Array.from({ length: FRAMES }, (_, i) => i),
      );
      expect(dropped).toEqual([]);
      expect(samples.every(({ people }) => people === 1)).toBe(true);
    },
  );

  it('live processes or drops every frame', async () => {
    const { samples, dropped, report } = await run('live', await actor());
    expect(samples.length + dropped.length).toBe(FRAMES);
    const late = samples.filter(({ endToEndMs }) => endToEndMs > 2000 / 30);
    expect(report.live).toMatchObject({
      sourceFps: expect.closeTo(30, 1) as number,
      lateFrames: late.length,
      missedDeadlines: (dropped.length + late.length) / FRAMES,
    });
    expect(report.live?.resultAgeMs?.count).toBe(samples.length);
  });

  it('live repeats the clip for as long as it was asked to', async () => {
    const { samples, dropped } = await run('live', await actor(), { durationMs: 2500 });
    // Frames due within 2.5 s at 30 per second.
    expect(samples.length + dropped.length).toBe(75);
    expect(samples.at(-1)?.pass).toBe(1);
  });

  it('multi-stream processes or drops every frame of every stream', async () => {
    const { samples, dropped, report } = await run('multi-stream', await actor(), { streams: 2 });
    for (const stream of [0, 1]) {
      const processed = samples.filter((sample) => sample.stream === stream).length;
      const lost = dropped.filter((each) => each === stream).length;
      expect(processed + lost).toBe(FRAMES);
    }
    expect(report.streams?.streams).toBe(2);
  });

  it.each(['single-stream', 'offline', 'live', 'multi-stream'] as const)(
    '%s leaves no frame open when it is aborted',
    async (scenario) => {
      const abort = new AbortController();
      const endless = { streams: 2, durationMs: 3_600_000 };
      let frames = 0;
      const aborted = run(scenario, await actor(), endless, stopAtTenth, abort.signal);
      await expect(aborted).rejects.toThrow('Enough.');

      function stopAtTenth(): void {
        frames += 1;
        if (frames === 10) abort.abort(new Error('Enough.'));
      }
    },
  );
});

describe('with a real engine and a camera', () => {
  it.each(['single-stream', 'live'] as const)('%s follows it', async (scenario) => {
    const camera = await openCamera({});
    onTestFinished(() => camera.close());
    const { samples, dropped, report } = await run(scenario, camera, { durationMs: 1500 });
    expect(samples.length).toBeGreaterThan(0);
    if (scenario === 'single-stream') expect(dropped).toEqual([]);
    else {
      expect(samples.map(({ decodeMs }) => decodeMs)).toEqual(samples.map(() => 0));
      expect(report.live?.sourceFps).toBeGreaterThan(0);
    }
  });
});
