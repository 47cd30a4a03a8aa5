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
    ...suites.flatMap((suite) => suiteFailures(suite, [])),
    ...errors.map(({ message }) => describe('outside of tests', message)),
  ];
}

function suiteFailures(suite: PlaywrightSuite, above: readonly string[]): string[] {
  const path = [...above, suite.title];
  const own = suite.specs
    .filter(({ ok }) => !ok)
    .map(({ title, line, tests }) => {
      const results = tests.flatMap((test) => test.results);
      const reason = results.find(({ error }) => error)?.error?.message;
      return describe([...path, `${title} (line ${line})`].join(' › '), reason);
    });
  return [...own, ...(suite.suites ?? []).flatMap((inner) => suiteFailures(inner, path))];
}

/** The test, and the beginning of the reason in the same line. */
function describe(test: string, reason: string | undefined): string {
  const text = stripVTControlCharacters(reason ?? 'no reason was reported').replaceAll(/\s+/g, ' ');
  return `${test}: ${text.trim().slice(0, REASON_LENGTH)}`;
}
