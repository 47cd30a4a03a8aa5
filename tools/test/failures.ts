// Which tests failed, and why, for the end of the output: of a long log often only the end is kept.
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { PlaywrightReport, PlaywrightSuite, VitestReport } from './reports.ts';

/** How much of a failure's reason is repeated, in characters. */
const REASON_LENGTH = 600;

/** One line per failed test of a report by Vitest, and per file that failed outside its tests. */
export function vitestFailures({ testResults }: VitestReport): string[] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed');
    const file = relative('', name);
    if (failed.length === 0) return status === 'failed' ? [describe(file, message)] : [];
    return failed.map(({ fullName, failureMessages }) =>
      describe(`${file} › ${fullName}`, failureMessages?.[0]),
    );
  });
}

/** One line per failed test of a report by Playwright, and per error outside of tests. */
export function playwrightFailures({ suites, errors }: PlaywrightReport): string[] {
  return [
    ...suites.flatMap((suite) => describeSpecs(suite, ({ ok }) => !ok)),
    ...errors.map(({ message }) => describe('outside of tests', message)),
  ];
}

/** One line per test of a report by Playwright that failed and passed when it was tried again. */
export function playwrightSecondTries({ suites }: PlaywrightReport): string[] {
  return suites.flatMap((suite) =>
    describeSpecs(suite, ({ tests }) => tests.some(({ status }) => status === 'flaky')),
  );
}

type Spec = PlaywrightSuite['specs'][number];

function describeSpecs(
  suite: PlaywrightSuite,
  isChosen: (spec: Spec) => boolean,
  above: readonly string[] = [],
): string[] {
  const path = [...above, suite.title];
  const own = suite.specs.filter(isChosen).map(({ title, line, tests }) => {
    const results = tests.flatMap((test) => test.results);
    const reason = results.find(({ error }) => error)?.error?.message;
    return describe([...path, `${title} (line ${line})`].join(' › '), reason);
  });
  const inner = suite.suites ?? [];
  return [...own, ...inner.flatMap((each) => describeSpecs(each, isChosen, path))];
}

/** The test, and the beginning of the reason in the same line. */
function describe(test: string, reason: string | undefined): string {
  const text = stripVTControlCharacters(reason ?? 'no reason was reported').replaceAll(/\s+/g, ' ');
  return `${test}: ${text.trim().slice(0, REASON_LENGTH)}`;
}
