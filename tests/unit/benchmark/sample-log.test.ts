// What a run notes frame by frame comes back as it was, however long the run.
import { expect, it, vi } from 'vitest';
import { createNumberLog, MeasurementsLostError } from '../../../src/lib/benchmark/number-log.ts';
import { runBenchmark } from '../../../src/lib/benchmark/run-benchmark.ts';
import type { FrameSample } from '../../../src/lib/benchmark/run-result.ts';
import { createSampleLog } from '../../../src/lib/benchmark/sample-log.ts';
import { createSeededRandom } from '../../../src/lib/metrics/seeded-random.ts';
import { skeletons } from '../../../src/lib/pose/skeletons.ts';
import type { SkeletonId } from '../../../src/lib/pose/skeletons.ts';
import { faultyRun } from '../../fixtures/faulty-run.ts';

const skeletonIds = Object.keys(skeletons) as SkeletonId[];

/** Samples with up to three people of any skeleton, and figures of all 53 bits. */
function samplesOf(seed: number, count: number): FrameSample[] {
  const random = createSeededRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const people = Math.floor(4 * random());
    const hidden = random() < 0.5;
    const figure = (): number => random() * 1000;
    const skeleton = skeletonIds[index % skeletonIds.length] ?? 'coco-17';
    const { keypointNames } = skeletons[skeleton];
    return {
      index,
      pass: Math.floor(index / 100),
      stream: index % 3,
      ptsMs: -40 + figure(),
      doneMs: 3.6e6 * random(),
      endToEndMs: figure(),
      decodeMs: 0,
      queueMs: figure(),
      transferMs: figure(),
      engineMs: figure(),
      preprocessMs: hidden ? null : figure(),
      inferenceMs: hidden ? null : figure(),
      postprocessMs: hidden ? null : figure(),
      people,
      poses: Array.from({ length: index % 5 === 0 ? 0 : people }, () => ({
        skeleton,
        score: random(),
        keypoints: keypointNames.map(() => ({ x: figure(), y: -figure(), score: random() })),
      })),
    };
  });
}

it('gives back every sample to the last bit, over many chunks', async () => {
  const log = createSampleLog();
  const samples = samplesOf(7, 3000);
  for (const sample of samples) log.add(sample);
  expect(await log.read()).toStrictEqual(samples);
});

it('is empty at first, and can be read more than once and in between', async () => {
  const log = createNumberLog(4);
  expect([...(await log.read())]).toEqual([]);
  for (let value = 0; value < 4; value += 1) log.add(value);
  expect([...(await log.read())]).toEqual([0, 1, 2, 3]);
  log.add(4);
  expect([...(await log.read())]).toEqual([0, 1, 2, 3, 4]);
});

it('holds one chunk in memory, however much was written', () => {
  const made = vi.spyOn(globalThis, 'Float64Array');
  const log = createNumberLog(16);
  for (let value = 0; value < 16_000; value += 1) log.add(value);
  expect(made).toHaveBeenCalledTimes(1);
  made.mockRestore();
});

it('says so when the browser lost what it was given to keep', async () => {
  const broken = vi
    .spyOn(Blob.prototype, 'arrayBuffer')
    .mockRejectedValue(new DOMException('', 'NotReadableError'));
  const log = createNumberLog(2);
  log.add(1);
  log.add(2);
  await expect(log.read()).rejects.toThrow(MeasurementsLostError);

  const run = faultyRun('none', 3);
  const { summary, samples } = await runBenchmark({
    ...run,
    plan: {
      ...run.plan,
      scenario: 'live',
      settings: { ...run.plan.settings, durationMs: 400_000 },
    },
  });
  broken.mockRestore();
  expect(samples).toEqual([]);
  expect(summary.outcome).toBe('failed');
  expect(summary.failure).toContain('Free some space');
  expect(summary.verdict.reasons).toContain('frames-lost');
});
