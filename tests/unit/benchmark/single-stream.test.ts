// One frame after the other, in virtual time.
import { expect, it } from 'vitest';
import { runScenario } from '../../../src/lib/benchmark/run-scenario.ts';
import { simulate } from '../../fixtures/live-simulation.ts';
import { expectSound } from './expect-sound.ts';

const costs = { decodeMs: 5, transferMs: 2, engineMs: () => 20 };

it('takes the next frame when the last is done', async () => {
  const simulation = simulate({ frames: 50, ...costs });
  const report = await runScenario('single-stream', simulation.input);
  expect(report).toEqual({ live: null, streams: null, firstInferenceMs: null });
  expectSound(simulation);
  expect(simulation.samples).toHaveLength(50);
  for (const [i, sample] of simulation.samples.entries()) {
    expect(sample).toMatchObject({
      index: i,
      decodeMs: 5,
      queueMs: 0,
      transferMs: 2,
      engineMs: 20,
    });
    expect(sample.doneMs).toBe(27 * (i + 1));
  }
});

it('repeats the source until the time is over, and no longer', async () => {
  const simulation = simulate({ frames: 10, ...costs, settings: { durationMs: 27 * 24 + 1 } });
  await runScenario('single-stream', simulation.input);
  expectSound(simulation);
  expect(simulation.samples).toHaveLength(25);
  expect(simulation.samples.at(-1)).toMatchObject({ pass: 2, index: 4 });
});

it('watches a camera for ten seconds when nobody says how long', async () => {
  const simulation = simulate({ kind: 'camera', frames: 1000, fps: 25, engineMs: () => 20 });
  await runScenario('single-stream', simulation.input);
  expectSound(simulation);
  expect(simulation.samples).toHaveLength(251);
});

it('shows frames to who asks for them', async () => {
  const simulation = simulate({ frames: 7, wantsPreview: true });
  await runScenario('single-stream', simulation.input);
  expectSound(simulation);
  expect(simulation.marks.previews).toBe(7);
});
