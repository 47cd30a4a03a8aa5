// Whatever is null in a summary has a sentence that says why.
import { expect, it, vi } from 'vitest';
import { runBenchmark } from '../../../src/lib/benchmark/run-benchmark.ts';
import type { RunInput } from '../../../src/lib/benchmark/run-benchmark.ts';
import { accuracyOfRun } from '../../../src/lib/benchmark/accuracy-of-run.ts';
import type { RunSummary } from '../../../src/lib/benchmark/run-result.ts';
import { faultyRun } from '../../fixtures/faulty-run.ts';
import type { Fault } from '../../fixtures/faulty-run.ts';

/** What is null by design: the answer is "none", not "unknown". */
const ANSWERS = [/^failure$/, /^recipe\./, /^options\./, /^environment\./, /Method$/];

/** The dotted paths of everything that is null. */
function nullPaths(value: unknown, path = ''): string[] {
  if (value === null) return [path];
  if (Array.isArray(value)) return value.flatMap((item) => nullPaths(item, `${path}.*`));
  if (typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, field]) =>
    nullPaths(field, path === '' ? name : `${path}.${name}`),
  );
}

/** A reason covers what lies below its path; `*` stands for one name, at its end for any. */
function hasReason({ nullReasons }: RunSummary, path: string): boolean {
  return Object.keys(nullReasons).some((reason) => {
    const pattern = reason.replaceAll('.', '\\.').replaceAll('*', '[^.]+');
    return new RegExp(`^${pattern}(\\..+)?$`).test(path);
  });
}

function withSettings(run: RunInput, change: Partial<RunInput['plan']>): RunInput {
  return { ...run, plan: { ...run.plan, ...change } };
}

const cases: readonly (readonly [string, () => RunInput])[] = [
  ...(
    [
      'none',
      'engine fails',
      'worker dies',
      'cancelled',
      'every fifth frame 5 times slower',
    ] as Fault[]
  ).map((fault) => [fault, () => faultyRun(fault, 3)] as const),
  ['a GPU', () => faultyRun('graphics by the processor', 3)],
  ['live', () => withSettings(faultyRun('none', 3), { scenario: 'live' })],
  ['live that fails', () => withSettings(faultyRun('engine fails', 3), { scenario: 'live' })],
  ['multi-stream', () => withSettings(faultyRun('none', 3), { scenario: 'multi-stream' })],
  [
    'nobody annotated',
    () => ({
      ...faultyRun('none', 3),
      scoreAccuracy: (samples) => accuracyOfRun(samples, [{ index: 0, people: [] }]),
    }),
  ],
];

function expectExplained(summary: RunSummary): void {
  const unexplained = nullPaths(summary).filter(
    (path) => !ANSWERS.some((answer) => answer.test(path)) && !hasReason(summary, path),
  );
  expect(unexplained).toEqual([]);
  expect(Object.keys(summary.nullReasons).length).toBeLessThanOrEqual(64);
}

it.each(cases)('%s', async (_, make) => {
  const { summary } = await runBenchmark(make());
  expectExplained(summary);
});

it('frames that were counted, but whose samples the browser lost', async () => {
  const lost = vi
    .spyOn(Blob.prototype, 'arrayBuffer')
    .mockRejectedValue(new DOMException('', 'NotReadableError'));
  const run = faultyRun('none', 3);
  const settings = { ...run.plan.settings, durationMs: 100_000 };
  const { summary, samples } = await runBenchmark(withSettings(run, { settings }));
  lost.mockRestore();
  expect(samples).toEqual([]);
  expect(summary.frames.processed).toBeGreaterThan(0);
  expectExplained(summary);
  for (const path of ['latencyMs.endToEnd', 'quality.meanVisibility']) {
    expect(summary.nullReasons[path]).toBe('The browser lost what was measured of the frames.');
  }
});
