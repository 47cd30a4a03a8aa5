// What holds of every scenario's samples, whatever it does.
import { expect } from 'vitest';
import type { simulate } from '../../fixtures/live-simulation.ts';

/** Stages that add up, frames in order and all closed, time that grows, one start and one end. */
export function expectSound(simulation: ReturnType<typeof simulate>): void {
  const { samples, ledger, engines, marks } = simulation;
  expect(samples.length).toBeGreaterThan(0);
  for (const sample of samples) {
    const { decodeMs, queueMs, transferMs, engineMs, endToEndMs } = sample;
    const stages = [decodeMs, queueMs, transferMs, engineMs];
    expect(Math.min(...stages)).toBeGreaterThanOrEqual(0);
    expect(stages.reduce((sum, ms) => sum + ms, 0)).toBeCloseTo(endToEndMs, 6);
    expect(sample.people).toBe(1);
    expect(sample.poses).toHaveLength(1);
  }
  for (const stream of new Set(samples.map((sample) => sample.stream))) {
    const mine = samples.filter((sample) => sample.stream === stream);
    expectGrowing(mine.map(({ pass, index }) => pass * 1e6 + index));
    expectGrowing(mine.map(({ doneMs }) => doneMs));
  }
  for (const { timestampsMs } of engines) expectGrowing(timestampsMs);
  expect(ledger.open).toBe(0);
  expect([marks.starts, marks.ends]).toEqual([1, 1]);
}

function expectGrowing(values: readonly number[]): void {
  const inOrder = values.every((value, i) => i === 0 || value > (values[i - 1] ?? Infinity));
  expect(inOrder).toBe(true);
}
