// What is wrong with a run is caught, always, for the right reason, and nothing else is blamed.
import { expect, it } from 'vitest';
import { runBenchmark } from '../../../src/lib/benchmark/run-benchmark.ts';
import type { VerdictReason } from '../../../src/lib/benchmark/verdict.ts';
import { faultyRun } from '../../fixtures/faulty-run.ts';
import type { Fault } from '../../fixtures/faulty-run.ts';

const SEEDS = 20;

const expected: Readonly<Record<Fault, readonly VerdictReason[]>> = {
  none: [],
  'result turned by 90°': ['wrong-poses'],
  'half the frames skipped': ['frames-lost'],
  'worker stalls': ['engine-restarted'],
  'worker dies': ['engine-restarted'],
  'every worker dies': ['engine-restarted', 'engine-error'],
  'tab hidden': ['tab-hidden'],
  'clock of 1 ms': ['coarse-clock'],
  'silent fallback': ['backend-fallback'],
  'every fifth frame 5 times slower': ['unsteady'],
  'slows down by 30 %': ['latency-drift'],
  'processor busy before the run': ['device-busy'],
  'another clip': ['source-changed'],
  'clip cut off': ['source-truncated'],
  'graphics by the processor': ['software-adapter'],
  'backend computes something else': ['parity-failed', 'wrong-poses'],
  'engine fails': ['engine-error'],
  cancelled: ['cancelled'],
};

it.each(Object.entries(expected) as [Fault, readonly VerdictReason[]][])(
  '%s: %j',
  async (fault, reasons) => {
    const verdicts = await Promise.all(
      Array.from({ length: SEEDS }, async (_, index) => {
        const { summary } = await runBenchmark(faultyRun(fault, index + 1));
        return summary.verdict.reasons;
      }),
    );
    expect(verdicts).toEqual(Array.from({ length: SEEDS }, () => reasons));
  },
);
