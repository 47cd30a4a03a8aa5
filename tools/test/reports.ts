// Reads the JSON reports of the test runners. Nothing is counted from what they print.
import type { Counts } from './counts.ts';

/** The part of Vitest's json report that is read. */
export type VitestReport = {
  readonly testResults: readonly {
    /** The file's path. */
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[];
    }[];
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
  readonly suites: readonly PlaywrightSuite[];
  readonly errors: readonly { readonly message?: string }[];
};

/** A file, or a `describe` in it. */
export type PlaywrightSuite = {
  readonly title: string;
  readonly specs: readonly {
    readonly title: string;
    readonly line: number;
    readonly ok: boolean;
    readonly tests: readonly {
      /** `flaky`: failed, and passed when it was tried again. */
      readonly status: string;
      readonly results: readonly { readonly error?: { readonly message?: string } }[];
    }[];
  }[];
  readonly suites?: readonly PlaywrightSuite[];
};

/**
 * Counts of a report by Playwright's json reporter. A test that passed at its second try has passed; an error
 * outside a test is one failure.
 */
export function countPlaywright({ stats, errors }: PlaywrightReport): Counts {
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + errors.length,
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
