// docs/deployment.md: its sums, and the options that it names.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { codeSpansOf, tablesIn } from '../docs/doc-tables.ts';
import { deploy } from './fake-cloud.ts';

const PAGE = 'docs/deployment.md';

function onlyTable(firstColumn: string) {
  const [table, ...more] = tablesIn(PAGE, firstColumn);
  if (!table || more.length > 0) throw new Error(`There is not one table of "${firstColumn}".`);
  return table.rows;
}

/** As money is written. */
function dollars(amount: string | undefined, price: string | undefined): string {
  return (Number(amount) * Number(price)).toFixed(2);
}

test('a million events cost what their parts do', () => {
  const rows = onlyTable('of a million events');
  const parts = rows.filter((row) => row['unit'] !== '');
  const together = rows.find((row) => row['unit'] === '');
  expect(parts.length).toBeGreaterThan(6);
  for (const column of ['one by one', 'batches of 100']) {
    for (const row of parts) {
      const where = `${row['of a million events'] ?? ''}, ${column}`;
      expect(row[`${column}, $`], where).toBe(dollars(row[column], row['price of a unit']));
    }
    const sum = parts.reduce((total, row) => total + Number(row[`${column}, $`]), 0);
    expect(together?.[`${column}, $`]).toBe(sum.toFixed(2));
  }
});

test('amounts follow from the assumptions and the formula', () => {
  const rows = onlyTable('of a million events');
  const amount = (title: string, column: string) =>
    Number(rows.find((row) => row['of a million events']?.startsWith(title))?.[column]);
  const volumeTiB = (2 * 1e6 * 1170) / 2 ** 40;
  for (const [column, perRequest] of [
    ['one by one', 1],
    ['batches of 100', 100],
  ] as const) {
    expect(amount('Pub/Sub', column)).toBeCloseTo(volumeTiB, 5);
    expect(amount('Firestore, writes', column)).toBeCloseTo(10 * (1.05 + 1 / perRequest), 6);
    expect(amount('Firestore, reads of the worker', column)).toBeCloseTo(
      10 * (0.05 + 2 / perRequest),
      6,
    );
    expect(amount('Firestore, reads of a listening', column)).toBeCloseTo(10 / perRequest, 6);
    expect(amount('Cloud Run, requests', column)).toBeCloseTo(2 / perRequest, 6);
    expect(amount('Cloud Run, processors', column)).toBeCloseTo((2e6 / perRequest) * 0.1, 6);
  }
});

test('what is paid for beside that is multiplied right', () => {
  const rows = onlyTable('per month (30 days)');
  expect(rows.length).toBeGreaterThan(5);
  for (const row of rows) {
    expect(row['$'], row['per month (30 days)']).toBe(
      dollars(row['amount'], row['price of a unit']),
    );
  }
});

test('every option of the script is explained, and there are no others', async () => {
  const { stdout } = await deploy(['--help']);
  const known = [...stdout.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, name = '']) => name);
  const text = readFileSync(PAGE, 'utf8');
  const explained = onlyTable('option')
    .flatMap((row) => codeSpansOf((row['option'] ?? '').replace(' and the others', '')))
    .flatMap((span) => span.match(/^--[a-z-]+/) ?? []);
  // These are said in the commands above the table.
  const said = ['--project', '--region', '--dry-run', '--help'];
  expect(known.filter((name) => !said.includes(name)).toSorted()).toEqual(explained.toSorted());
  const used = [...text.matchAll(/deploy\/gcp\/deploy\.sh ([^#\n]*)/g)]
    .flatMap(([, args = '']) => args.match(/(?<= |^)--[a-z-]+(?= |$)/g) ?? [])
    .filter((name) => name !== '--short');
  expect(used.length).toBeGreaterThan(3);
  for (const name of used) expect(known).toContain(name);
});
