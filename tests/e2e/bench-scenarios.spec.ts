// Scenarios, repetitions and plans of `npm run bench`, on a real page: what arrives in the results.
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import type { RunSummary } from '../../src/lib/benchmark/run-result.ts';
import { benchCommand } from './bench-command.ts';

const LITERT = 'litert/blazepose-lite@wasm';
const MEDIAPIPE = 'mediapipe/blazepose-lite@wasm';
const ENGINES = ['mediapipe', 'litert', 'ort', 'tfjs'].map((id) => `${id}/blazepose-lite@wasm`);
const ACTOR_PATH = 'static/clips/actor.mp4';
const ACTOR_TRUTH = 'static/clips/actor.gt.json';

const { pathTo, bench, readResults, readKeypoints } = benchCommand();

function meanOf({ latencyMs }: RunSummary, timing: keyof RunSummary['latencyMs']): number {
  return latencyMs[timing]?.mean ?? 0;
}

/** Of the means, which add up where medians need not; a closed pipeline's stages are its engine's. */
function sumOfStages(run: RunSummary): number {
  const inner =
    run.latencyMs.inference === null
      ? (['engine'] as const)
      : (['preprocess', 'inference', 'postprocess'] as const);
  const stages = ['decode', 'queue', 'transfer', ...inner] as const;
  return stages.reduce((sum, stage) => sum + meanOf(run, stage), 0);
}

test('every engine gives the same keypoints, to the last bit, when it runs again', async () => {
  const args = ['--target', ENGINES.join(','), '--frames', '60', '--repeat', '2', '--keypoints'];
  const { code, stdout } = await bench(...args, '--cool-down', '0');
  expect(code).toBe(0);
  // Twice each, and the order of the second round is another one.
  expect(stdout).toMatch(/runs .*FPS/);
  const { runs } = readResults();
  expect(runs).toHaveLength(8);
  for (const target of ENGINES) {
    const [first, second] = runs.filter((run) => run.target === target);
    if (!first || !second) throw new Error(`${target} did not run twice.`);
    expect(first.accuracy?.meanOks).toBeGreaterThan(0.85);
    expect(Math.abs(1 - sumOfStages(first) / meanOf(first, 'endToEnd'))).toBeLessThan(0.02);
    expect(second.accuracy).toEqual(first.accuracy);
    expect(readKeypoints(second.runId)).toEqual(readKeypoints(first.runId));
  }
});

test('resources are read from outside, and named as what they are', async () => {
  test.skip(process.platform !== 'linux', 'memory is read from /proc');
  await bench('--target', LITERT, '--frames', '70');
  const [run] = readResults().runs;
  expect(run?.resources).toMatchObject({
    cpuMethod: 'browser-process-cpu-time',
    memoryMethod: 'browser-process-rss',
  });
  expect(run?.cpuUtilization).toBeGreaterThan(0);
  expect(run?.resources.machineUtilization).toBeLessThanOrEqual(1);
  expect(run?.peakMemoryBytes).toBeGreaterThan(1e8);
  expect(run?.resources.wasmHeapBytes).toBeGreaterThan(1e6);
});

test('offline processes every frame, and frames wait for the engine', async () => {
  await bench('--target', LITERT, '--frames', '70', '--scenario', 'offline');
  const [run] = readResults().runs;
  expect(run).toMatchObject({ scenario: 'offline', frames: { processed: 70, dropped: 0 } });
  expect(run?.latencyMs.queue?.p50).toBeGreaterThan(0);
  expect(run?.nullReasons['live']).toBeTruthy();
});

test('live drops what comes too fast, counts it, and tells how old results are', async () => {
  const { stdout } = await bench('--target', MEDIAPIPE, '--frames', '150', '--scenario', 'live');
  const [run] = readResults().runs;
  if (!run?.live) throw new Error('There is no live run.');
  const { processed, dropped, decoded } = run.frames;
  expect(processed + dropped).toBe(150);
  expect(decoded).toBe(150);
  expect(run.live.sourceFps).toBeCloseTo(30, 0);
  expect(run.live.resultAgeMs?.count).toBe(processed);
  expect(run.live.missedDeadlines).toBeCloseTo((dropped + run.live.lateFrames) / 150, 9);
  expect(stdout).toContain('missed');
});

test('multi-stream runs as many streams as asked for, and adds up their frames', async () => {
  const args = ['--scenario', 'multi-stream', '--streams', '2'];
  await bench('--target', LITERT, '--frames', '70', ...args);
  const [run] = readResults().runs;
  expect(run?.streams).toMatchObject({ streams: 2, probes: [] });
  expect(run?.frames.decoded).toBe(140);
  expect(run?.accuracy?.images).toBeLessThanOrEqual(70);
});

test('a clip is repeated until its time is over', async () => {
  await bench('--target', LITERT, '--frames', '40', '--seconds', '5');
  const [run] = readResults().runs;
  expect(run?.wallTimeMs).toBeGreaterThanOrEqual(5000);
  expect(run?.frames.processed).toBeGreaterThan(40);
  // Of the first pass only: the others show the same.
  expect(run?.accuracy?.images).toBe(40);
});

test('annotations beside a clip say how right the poses are', async () => {
  const args = ['--clip', ACTOR_PATH, '--frames', '70', '--annotations', ACTOR_TRUTH];
  const { stdout } = await bench('--target', LITERT, ...args);
  const [run] = readResults().runs;
  expect(run?.source.kind).toBe('clip');
  expect(run?.accuracy).toMatchObject({ images: 70, people: 70 });
  expect(run?.accuracy?.pckh).toBeGreaterThan(0.8);
  expect(stdout).toContain('PCKh@0.5');
});

test('a plan runs again what ran before, and finds out when the clip is another', async () => {
  const options = ['--threads', '1', '--frames', '70', '--seed', '42'];
  await bench('--clip', ACTOR_PATH, '--target', LITERT, ...options);
  const [before] = readResults().runs;
  const plan = pathTo('plan.json');
  writeFileSync(plan, JSON.stringify(readResults()));

  expect((await bench('--plan', plan, '--clip', ACTOR_PATH)).code).toBe(0);
  const [again] = readResults().runs;
  expect(again?.recipe).toEqual(before?.recipe);
  expect(again?.accuracy).toEqual(before?.accuracy);
  expect(again?.verdict.reasons).not.toContain('source-changed');

  // A clip of that name, but with other frames.
  const changed = JSON.parse(readFileSync(plan, 'utf8')) as {
    runs: { recipe: { source: { framesDigest: string } } }[];
  };
  for (const { recipe } of changed.runs) recipe.source.framesDigest = 'e'.repeat(64);
  writeFileSync(plan, JSON.stringify(changed));
  await bench('--plan', plan, '--clip', ACTOR_PATH);
  expect(readResults().runs[0]?.verdict.reasons).toContain('source-changed');
});
