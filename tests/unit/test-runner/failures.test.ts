// The end of a long log names what failed and why.
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { formatFailures } from '../../../tools/test/counts.ts';
import {
  playwrightFailures,
  playwrightSecondTries,
  vitestFailures,
} from '../../../tools/test/failures.ts';

test("of Vitest's report: tests by file and name, files by their own message", () => {
  const failures = vitestFailures({
    testResults: [
      {
        name: resolve('tests/a.test.ts'),
        status: 'failed',
        assertionResults: [
          { fullName: 'well', status: 'passed' },
          {
            fullName: 'a clip ends',
            status: 'failed',
            failureMessages: ['\u001B[31mError:\u001B[39m 1\n   is not 2', 'later'],
          },
        ],
      },
      { name: resolve('b.test.ts'), status: 'failed', message: 'no import', assertionResults: [] },
      { name: resolve('c.test.ts'), status: 'passed', message: '', assertionResults: [] },
    ],
  });
  expect(failures).toEqual([
    'tests/a.test.ts › a clip ends: Error: 1 is not 2',
    'b.test.ts: no import',
  ]);
});

test("of Playwright's report: tests in their suites, and errors outside of them", () => {
  const spec = { title: 'a page', line: 7, ok: false };
  const results = [{}, { error: { message: 'late' } }];
  const failing = { ...spec, tests: [{ status: 'unexpected', results }] };
  const silent = { ...spec, title: 'another', tests: [] };
  const passing = { ...spec, ok: true, tests: [] };
  const flaky = { ...spec, title: 'moody', ok: true, tests: [{ status: 'flaky', results }] };
  const report = {
    stats: { expected: 1, unexpected: 2, flaky: 1, skipped: 0 },
    suites: [
      {
        title: 'a.spec.ts',
        specs: [passing, failing],
        suites: [{ title: 'offline', specs: [silent, flaky] }],
      },
    ],
    errors: [{ message: 'no server' }],
  };
  expect(playwrightSecondTries(report)).toEqual(['a.spec.ts › offline › moody (line 7): late']);
  expect(playwrightFailures(report)).toEqual([
    'a.spec.ts › a page (line 7): late',
    'a.spec.ts › offline › another (line 7): no reason was reported',
    'outside of tests: no server',
  ]);
});

test('each line tells its stage, and without failures there is none', () => {
  const counts = { passed: 1, failed: 1, skipped: 0 };
  const stage = { name: 'unit', counts, failures: [], secondTries: [], seconds: 1 };
  expect(formatFailures([{ ...stage, failures: ['a: b'], secondTries: ['c: d'] }])).toBe(
    'passed at its second try in unit: c: d\nfailed in unit: a: b',
  );
  expect(formatFailures([stage])).toBeNull();
});
