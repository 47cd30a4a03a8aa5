// docs/methodology.md claims rules, constants and tests: each must be there, as it says.
import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { reasonTexts } from '../../../src/lib/benchmark/verdict.ts';
import { codeSpansOf, tablesIn } from './doc-tables.ts';

const PAGE = 'docs/methodology.md';
const page = readFileSync(PAGE, 'utf8');
const rules = tablesIn(PAGE, 'rule').flatMap(({ rows }) => rows);
const claims = tablesIn(PAGE, 'claim').flatMap(({ rows }) => rows);

type CitedTest = { readonly path: string; readonly title: string };

/** The tests of a cell: paths, each followed by a colon and a part of a title if it is one of many in its file. */
function testsIn(cell: string): CitedTest[] {
  return cell.split('; ').map((cited) => {
    const [, path, title = ''] = /^`([^`]+)`(?:: (.+))?$/.exec(cited) ?? [];
    if (path === undefined) throw new Error(`A test is cited by its path, not as ${cited}.`);
    return { path, title };
  });
}

it('every rule and every claim has a test, which exists', () => {
  expect(rules.length).toBeGreaterThan(0);
  expect(claims.length).toBeGreaterThan(0);
  const cited = [...rules, ...claims].flatMap(({ test = '' }) => testsIn(test));
  // In the source a title may be cut by a placeholder, never by a line's end.
  const missing = cited.filter(({ path, title }) => !readFileSync(path, 'utf8').includes(title));
  expect(missing).toEqual([]);
});

it('every verdict has exactly one rule, and a test that names it', () => {
  const verdicts = rules.flatMap(({ verdict = '' }) => codeSpansOf(verdict));
  expect(verdicts.toSorted()).toEqual(Object.keys(reasonTexts).toSorted());
  for (const { verdict = '', test = '' } of rules) {
    for (const reason of codeSpansOf(verdict)) {
      const sources = testsIn(test).map(({ path }) => readFileSync(path, 'utf8'));
      expect(
        sources.some((source) => source.includes(`'${reason}'`)),
        `a test of ${reason}`,
      ).toBe(true);
    }
  }
});

it('every constant has the value that the source gives it', () => {
  const declared = new Set(
    globSync('src/lib/**/*.ts').flatMap((path) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .map((line) => /^(?:export )?const ([A-Z][A-Z0-9_]* = .+);$/.exec(line)?.[1]),
    ),
  );
  const inText = [...page.matchAll(/`([A-Z][A-Z0-9_]* = [^`]+)`/g)].map(([, constant]) => constant);
  const inRules = rules.flatMap(({ constants = '' }) => codeSpansOf(constants));
  expect(inRules.length).toBeGreaterThan(0);
  expect([...inText, ...inRules].filter((constant) => !declared.has(constant))).toEqual([]);
});
