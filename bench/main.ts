// `npm run bench`: every source on every target in a headless browser; tables, and results.json.
import { StartupError } from '../server/startup-error.server.ts';
import { BenchError } from './bench-error.ts';
import { readBenchOptions } from './bench-options.ts';
import type { BenchOptions } from './bench-options.ts';
import { accuracyTable, resultsTable } from './results-table.ts';
import { sweep } from './sweep.ts';
import { USAGE } from './usage.ts';

/** Exit status when the sweep came to its end, but not with every target. */
const EXIT_INCOMPLETE = 1;
/** Exit status when the command cannot do what was asked. */
const EXIT_REFUSED = 2;

try {
  const options = readBenchOptions(process.argv.slice(2));
  if (options) await bench(options);
  else console.log(USAGE);
} catch (cause) {
  if (!(cause instanceof BenchError || cause instanceof StartupError)) throw cause;
  complain(cause.message);
  process.exitCode = EXIT_REFUSED;
}

async function bench(options: BenchOptions): Promise<void> {
  const { runs, failures, resultsPath } = await sweep(options, complain);
  const accuracy = accuracyTable(runs);
  if (runs.length > 0) console.log(resultsTable(runs));
  if (accuracy) console.log(`\n${accuracy}`);
  console.log(`\nWritten to ${resultsPath}`);
  if (failures > 0) process.exitCode = EXIT_INCOMPLETE;
}

function complain(sentence: string): void {
  console.error(`kinemark bench: ${sentence}`);
}
