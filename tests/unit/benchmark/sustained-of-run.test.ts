import { expect, it } from 'vitest';
import { sustainedOf } from '../../../src/lib/benchmark/sustained-of-run.ts';
import type { FrameSample } from '../../../src/lib/benchmark/run-result.ts';

const MINUTE_MS = 60_000;

/** A run of frames that follow each other, each as long as `latencyAt` its beginning says. */
function samplesFor(durationMs: number, latencyAt: (ms: number) => number): FrameSample[] {
  const samples: FrameSample[] = [];
  for (let doneMs = 0; doneMs < durationMs;) {
    const endToEndMs = latencyAt(doneMs) * (1 + 0.02 * Math.sin(samples.length));
    doneMs += endToEndMs;
    samples.push({ doneMs, endToEndMs } as FrameSample);
  }
  return samples;
}

it('is nothing of a run of less than two minutes', () => {
  expect(sustainedOf(samplesFor(1.9 * MINUTE_MS, () => 40))).toBeNull();
  expect(sustainedOf([])).toBeNull();
});

it('shows when a device slowed down, and what was left of its speed', () => {
  const sustained = sustainedOf(samplesFor(10 * MINUTE_MS, (ms) => (ms < 4 * MINUTE_MS ? 40 : 60)));
  expect(sustained?.spans.length).toBe(60);
  expect(sustained?.changePointsMs).toEqual([4 * MINUTE_MS]);
  expect(sustained?.firstMinuteMs).toBeCloseTo(40, 0);
  expect(sustained?.plateauMs).toBeCloseTo(60, 0);
  expect(sustained?.plateauRatio).toBeCloseTo(2 / 3, 2);
  expect(sustained?.spans[0]).toMatchObject({ startMs: 0, effectiveFps: expect.closeTo(25, 0) });
});

it('has the same level all along where nothing changed', () => {
  const sustained = sustainedOf(samplesFor(5 * MINUTE_MS, () => 40));
  expect(sustained?.changePointsMs).toEqual([]);
  expect(sustained?.plateauRatio).toBeCloseTo(1, 2);
});

it('leaves out a span in which the device stood still', () => {
  const sustained = sustainedOf(
    samplesFor(3 * MINUTE_MS, (ms) => (Math.abs(ms - 50_000) < 30 ? 25_000 : 40)),
  );
  expect(sustained?.spans.map(({ startMs }) => startMs)).not.toContain(60_000);
  expect(sustained?.spans.length).toBeLessThan(18);
});

it('widens the spans of a run of more than an hour, so that an event holds them', () => {
  const sustained = sustainedOf(samplesFor(150 * MINUTE_MS, () => 500));
  expect(sustained?.spans.length).toBeLessThanOrEqual(360);
  expect(sustained?.plateauRatio).toBeCloseTo(1, 2);
});
