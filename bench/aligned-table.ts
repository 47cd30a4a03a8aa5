// A text table for a terminal.

/** A column of a table of `T`s. */
export type Column<T> = { readonly title: string; readonly cell: (entry: T) => string };

/** A header and one line per entry, in columns aligned to the left; no blanks at the ends of lines. */
export function alignedTable<T>(columns: readonly Column<T>[], entries: readonly T[]): string {
  const rows = [
    columns.map(({ title }) => title),
    ...entries.map((entry) => columns.map(({ cell }) => cell(entry))),
  ];
  const widths = columns.map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((text, column) => text.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
