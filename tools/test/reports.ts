// Reads the JSON reports of the test runners. Nothing is counted from what they print.
import type { Counts } from './counts.ts';

/** The part of Vitest's json report that is read. */
export type VitestReport = {
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
};

/**
 * Counts of a report by Vitest's json reporter. A file that failed outside its tests, as in an import or
 * a hook, is one failure.
 */
export function countVitest(report: VitestReport): Counts {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  for (const { status, assertionResults } of report.testResults) {
    const failedHere = assertionResults.filter((test) => test.status === 'failed').length;
    const passedHere = assertionResults.filter((test) => test.status === 'passed').length;
    passed += passedHere;
    failed += failedHere === 0 && status === 'failed' ? 1 : failedHere;
    skipped += assertionResults.length - passedHere - failedHere;
  }
  return { passed, failed, skipped };
}

/** The part of Playwright's json report that is read. */
export type PlaywrightReport = {
  readonly stats: {
    readonly expected: number;
    readonly unexpected: number;
    readonly flaky: number;
    readonly skipped: number;
  };
  readonly errors: readonly unknown[];
};

/** Counts of a report by Playwright's json reporter. An error outside a test is one failure. */
export function countPlaywright({ stats, errors }: PlaywrightReport): Counts {
  return {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped,
  };
}

/**
 * The counts to trust: those of the report, unless it is missing, empty, or the runner ended badly
 * without naming a failed test. Each of these is one failure.
 */
export function judge(reported: Counts | null, exitCode: number): Counts {
  if (reported === null) return { passed: 0, failed: 1, skipped: 0 };
  const { passed, failed, skipped } = reported;
  const hasTests = passed + failed + skipped > 0;
  const hasHiddenFailure = failed === 0 && (exitCode !== 0 || !hasTests);
  return hasHiddenFailure ? { ...reported, failed: 1 } : reported;
}
