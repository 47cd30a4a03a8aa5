import { describe, expect, it } from 'vitest';
import { orderSweep } from '../../../bench/sweep-order.ts';
import type { SweepStage } from '../../../bench/sweep-order.ts';
import { ACTOR } from '../../../bench/bench-clip.ts';
import type { BenchClip } from '../../../bench/bench-clip.ts';
import type { PlannedRun } from '../../../bench/planned-run.ts';
import { findTarget } from '../../../src/lib/models/catalogue.ts';
import { recipe } from '../../fixtures/events.ts';

const [A, B, C] = ['lite', 'full', 'heavy'].map((size) => `mediapipe/blazepose-${size}@wasm`) as [
  string,
  string,
  string,
];
const clip: BenchClip = { path: 'walk.mp4', name: 'walk.mp4', truth: null };

function run(id: string, source: BenchClip = ACTOR, maxFrames: number | null = null): PlannedRun {
  const { options, scenario, settings, seed, minDurationMs } = recipe;
  return {
    source,
    target: findTarget(id),
    conditions: {
      ...{ options, scenario, settings, seed, minDurationMs, maxFrames },
      expectedDigest: null,
    },
  };
}

function idsOf({ rounds }: SweepStage): (string | undefined)[][] {
  return rounds.map((runs) => runs.map(({ target }) => target?.id));
}

describe('orderSweep', () => {
  it('opens each source once, and leaves the order alone when nothing is repeated', () => {
    const runs = [run(A), run(B, clip), run(C), run(A, clip)];
    const stages = orderSweep(runs, { repetitions: 1, seed: 1 });
    expect(stages.map(({ source }) => source.name)).toEqual(['the actor clip', 'walk.mp4']);
    expect(stages.map(idsOf)).toEqual([[[A, C]], [[B, A]]]);
  });

  it('opens a source again for another number of frames, since its digest is of just these', () => {
    const stages = orderSweep([run(A), run(A, ACTOR, 60)], { repetitions: 1, seed: 1 });
    expect(stages.map(({ maxFrames }) => maxFrames)).toEqual([null, 60]);
  });

  it('has every run in every round, each in an order of its own', () => {
    const [stage] = orderSweep([run(A), run(B), run(C)], { repetitions: 20, seed: 1 });
    const rounds = stage ? idsOf(stage) : [];
    expect(rounds).toHaveLength(20);
    for (const round of rounds) expect(round.toSorted()).toEqual([A, B, C].toSorted());
    // Each of three comes first sometimes: of 20 rounds, none misses one but with probability 0.001.
    expect(new Set(rounds.map(([first]) => first)).size).toBe(3);
  });

  it('makes the rounds of a sweep again that had rounds, in their order', () => {
    const runs = [A, B, B, A, A, B].map((id) => run(id));
    const [stage] = orderSweep(runs, { repetitions: 1, seed: 1 });
    expect(stage && idsOf(stage)).toEqual([
      [A, B],
      [B, A],
      [A, B],
    ]);
    const [twice] = orderSweep(runs, { repetitions: 2, seed: 1 });
    expect(twice?.rounds).toHaveLength(6);
  });
});
