// `npm run bench`: every source on every target in a headless browser; tables, and results.json.
import { readBenchOptions } from './bench-options.ts';
import { complain, runCommand } from './run-command.ts';
import type { CommandEnd } from './run-command.ts';
import { sweep } from './sweep.ts';
import { reportOf } from './sweep-report.ts';
import { USAGE } from './usage.ts';

await runCommand(bench);

async function bench(): Promise<CommandEnd> {
  const options = readBenchOptions(process.argv.slice(2));
  if (!options) {
    console.log(USAGE);
    return 'complete';
  }
  const { runs, failures, refusals, resultsPath } = await sweep(options, complain);
  if (runs.length > 0) console.log(`${reportOf(runs, options.seed)}\n\nWritten to ${resultsPath}`);
  // Last, below the tables, where they are seen.
  refusals.forEach(complain);
  if (refusals.length > 0) return 'refused';
  return failures > 0 ? 'incomplete' : 'complete';
}
