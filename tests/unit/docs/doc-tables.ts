// Reads the tables of a page in docs/.
import { readFileSync } from 'node:fs';

/** A row of a table, by the titles of its columns. */
export type DocRow = Readonly<Record<string, string>>;

/** A table and the heading that it stands under, without its #s. */
export type DocTable = { readonly heading: string; readonly rows: readonly DocRow[] };

const HEADING = /^#+ (.*)$/;
/** A cell ends at a bar that is not escaped. */
const CELL_END = /(?<!\\)\|/;

/** The tables of a page whose first column has this title, in their order. */
export function tablesIn(path: string, firstColumn: string): DocTable[] {
  const tables: { heading: string; rows: DocRow[] }[] = [];
  let heading = '';
  let titles: readonly string[] | null = null;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    heading = HEADING.exec(line)?.[1] ?? heading;
    if (!line.startsWith('|')) {
      titles = null;
      continue;
    }
    const cells = cellsOf(line);
    if (!titles) {
      titles = cells;
      if (titles[0] === firstColumn) tables.push({ heading, rows: [] });
    } else if (titles[0] === firstColumn && !isRule(cells)) {
      tables.at(-1)?.rows.push(rowOf(titles, cells));
    }
  }
  return tables;
}

/** The code spans of a cell; throws when anything but commas and semicolons lies between them. */
export function codeSpansOf(cell: string): string[] {
  const others = cell.replaceAll(/`[^`]+`/g, '').replaceAll(/[\s,;]/g, '');
  if (others !== '') throw new Error(`A cell has more than code spans: ${cell}`);
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
}

function cellsOf(line: string): string[] {
  return line
    .split(CELL_END)
    .slice(1, -1)
    .map((cell) => cell.trim());
}

function isRule(cells: readonly string[]): boolean {
  return cells.every((cell) => /^:?-+:?$/.test(cell));
}

function rowOf(titles: readonly string[], cells: readonly string[]): DocRow {
  if (cells.length !== titles.length) {
    throw new Error(
      `A row has ${cells.length} cells and not ${titles.length}: ${cells.join(' | ')}`,
    );
  }
  return Object.fromEntries(titles.map((title, column) => [title, cells[column] ?? '']));
}
