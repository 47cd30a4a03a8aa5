// docs/skeletons.md tells how skeletons are compared: it must say what the code does.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { cocoIndices } from '../../../src/lib/pose/coco-mapping.ts';
import { skeletons } from '../../../src/lib/pose/skeletons.ts';
import type { SkeletonId } from '../../../src/lib/pose/skeletons.ts';

const ids = Object.keys(skeletons) as SkeletonId[];
const lines = readFileSync('docs/skeletons.md', 'utf8').split('\n');

/** The cells of a table's rows, its header first, by the header's first cell. */
function tableOf(firstCell: string): string[][] {
  const start = lines.findIndex((line) => line.startsWith(`| ${firstCell} `));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  const rows = lines.slice(start, end).map((line) => line.split('|').slice(1, -1));
  return rows.filter((_, index) => index !== 1).map((row) => row.map((cell) => cell.trim()));
}

it('has every joint of COCO and where each skeleton has it', () => {
  const [header, ...rows] = tableOf('joint');
  const columns = header?.slice(1).map((cell) => cell.replaceAll('`', '')) as SkeletonId[];
  expect(columns.toSorted()).toEqual(ids.toSorted());
  expect(rows.map(([joint]) => joint)).toEqual(skeletons['coco-17'].keypointNames);
  for (const [column, id] of columns.entries()) {
    expect(
      rows.map((row) => Number(row[column + 1])),
      id,
    ).toEqual(cocoIndices[id]);
  }
});

it('lists what is left out of every skeleton', () => {
  const [, ...rows] = tableOf('skeleton');
  const described = rows.map(([id, count, , others]) => [id, Number(count), others]);
  const expected = ids.map((id) => {
    const { keypointNames } = skeletons[id];
    const others = keypointNames.filter((_, index) => !cocoIndices[id].includes(index));
    return [`\`${id}\``, keypointNames.length, others.join(', ') || '–'];
  });
  expect(described.toSorted()).toEqual(expected.toSorted());
});
