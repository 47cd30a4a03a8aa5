// How many tests passed, failed and were skipped, and how that is printed.

/** How many of some tests did what. */
export type Counts = {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
};

/** The outcome of some tests. */
export type Outcome = {
  readonly counts: Counts;
  /** A line for each that failed and has a name. */
  readonly failures: readonly string[];
  /** A line for each that failed and passed when it was tried again. */
  readonly secondTries: readonly string[];
};

/** The outcome of one stage. */
export type StageResult = Outcome & {
  readonly name: string;
  readonly seconds: number;
};

const COLUMNS = ['stage', 'passed', 'failed', 'skipped', 'seconds'];

/** All of them together. */
export function sumCounts(all: readonly Counts[]): Counts {
  return {
    passed: all.reduce((sum, { passed }) => sum + passed, 0),
    failed: all.reduce((sum, { failed }) => sum + failed, 0),
    skipped: all.reduce((sum, { skipped }) => sum + skipped, 0),
  };
}

/** `N passed, N failed`, and `, N skipped` where some were. */
export function formatCounts({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** One line per test that failed, also once, with its stage; null when none has a name. */
export function formatFailures(results: readonly StageResult[]): string | null {
  const lines = results.flatMap(({ name, failures, secondTries }) => [
    ...secondTries.map((failure) => `passed at its second try in ${name}: ${failure}`),
    ...failures.map((failure) => `failed in ${name}: ${failure}`),
  ]);
  return lines.length === 0 ? null : lines.join('\n');
}

/** One line per stage below a heading, in aligned columns. */
export function formatTable(
  results: readonly Pick<StageResult, 'name' | 'counts' | 'seconds'>[],
): string {
  const rows = results.map(({ name, counts, seconds }) => [
    name,
    String(counts.passed),
    String(counts.failed),
    String(counts.skipped),
    seconds.toFixed(1),
  ]);
  const table = [COLUMNS, ...rows];
  const widths = COLUMNS.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
        )
        .join('  '),
    )
    .join('\n');
}
