// What `npm test` counts as a failure, and how it prints the sum.
import { describe, expect, test } from 'vitest';
import { formatCounts, formatTable, sumCounts } from '../../../tools/test/counts.ts';
import { countPlaywright, countVitest, judge } from '../../../tools/test/reports.ts';

describe("Vitest's report", () => {
  test('gives each test its count', () => {
    const statuses = ['passed', 'passed', 'failed', 'skipped', 'pending', 'todo'];
    const assertionResults = statuses.map((status) => ({ fullName: '', status }));
    const report = { testResults: [{ name: 'a', status: 'failed', assertionResults }] };
    expect(countVitest(report)).toEqual({ passed: 2, failed: 1, skipped: 3 });
  });

  test('counts a file that fails outside its tests', () => {
    const report = {
      testResults: [
        { name: 'a', status: 'failed', assertionResults: [] },
        { name: 'b', status: 'passed', assertionResults: [{ fullName: '', status: 'passed' }] },
      ],
    };
    expect(countVitest(report)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });
});

test("Playwright's report gives each test its count: a second try passes, errors outside tests fail", () => {
  const stats = { expected: 3, unexpected: 1, flaky: 1, skipped: 2 };
  expect(countPlaywright({ stats, suites: [], errors: [{}] })).toEqual({
    passed: 4,
    failed: 2,
    skipped: 2,
  });
});

describe('the judgement', () => {
  const passing = { passed: 3, failed: 0, skipped: 1 };

  test('trusts a report that agrees with the exit code', () => {
    expect(judge(passing, 0)).toEqual(passing);
    expect(judge({ passed: 1, failed: 2, skipped: 0 }, 1).failed).toBe(2);
  });

  test.each([
    ['there is no report', null, 0],
    ['there are no tests', { passed: 0, failed: 0, skipped: 0 }, 0],
    ['the runner ends badly although every test passed', passing, 1],
  ])('is one failure when %s', (_, reported, exitCode) => {
    expect(judge(reported, exitCode).failed).toBe(1);
  });
});

test('the last line names what was skipped only when something was', () => {
  const counts = sumCounts([
    { passed: 2, failed: 0, skipped: 1 },
    { passed: 3, failed: 1, skipped: 1 },
  ]);
  expect(formatCounts(counts)).toBe('5 passed, 1 failed, 2 skipped');
  expect(formatCounts({ passed: 5, failed: 0, skipped: 0 })).toBe('5 passed, 0 failed');
});

test('the table is aligned', () => {
  const table = formatTable([
    { name: 'unit', counts: { passed: 120, failed: 0, skipped: 3 }, seconds: 7.25 },
    { name: 'integration', counts: { passed: 9, failed: 1, skipped: 0 }, seconds: 31 },
  ]);
  expect(table.split('\n')).toEqual([
    'stage        passed  failed  skipped  seconds',
    'unit            120       0        3      7.3',
    'integration       9       1        0     31.0',
  ]);
});
