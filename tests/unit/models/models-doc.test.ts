// docs/models.md says of every target what was verified: none may be missing, and none made up.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { targets } from '../../../src/lib/models/catalogue.ts';
import { backendIds } from '../../../src/lib/models/model-spec.ts';

const NOT_OFFERED = '–';

/** The targets of a row: its models on its engine, on every backend whose cell says something. */
function targetsOfRow(row: string): string[] {
  const [models = '', engine = '', ...cells] = row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
  return models
    .split(', ')
    .flatMap((model) =>
      backendIds
        .filter((_, column) => cells[column] !== NOT_OFFERED)
        .map((backend) => `${engine}/${model}@${backend}`),
    );
}

it('the table of models lists exactly the targets of the catalogue', () => {
  const rows = readFileSync('docs/models.md', 'utf8').split('\n');
  const header = rows.findIndex((row) => row.startsWith('| model '));
  const end = rows.findIndex((row, index) => index > header && !row.startsWith('|'));
  const listed = rows.slice(header + 2, end).flatMap(targetsOfRow);
  expect(listed.toSorted()).toEqual(targets.map(({ id }) => id).toSorted());
});
