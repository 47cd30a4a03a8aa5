// `npm run bench:engines`: BlazePose on every engine, in turn with the least that one can write with
// MediaPipe; how much faster each is than that loop, and whether it still puts the joints where they are.
import { readActorTruth } from './actor-truth.ts';
import { compareEngines } from './compare-engines.ts';
import { COMPARISON_USAGE, readComparisonOptions } from './comparison-options.ts';
import { comparisonTable, formatInterval } from './comparison-table.ts';
import { complain, runCommand } from './run-command.ts';
import type { CommandEnd } from './run-command.ts';

await runCommand(compare);

async function compare(): Promise<CommandEnd> {
  const truth = await readActorTruth();
  const options = readComparisonOptions(process.argv.slice(2), truth.length);
  if (!options) {
    console.log(COMPARISON_USAGE);
    return 'complete';
  }
  const { records, bareFps, failures } = await compareEngines(options, complain);
  if (records.length > 0) {
    console.log(
      `BlazePose on the actor, ${options.frames} frames, ${options.rounds} interleaved rounds. The bare loop (MediaPipe detectForVideo, lite) ran at ${formatInterval(bareFps, 1)} FPS.\n`,
    );
    console.log(comparisonTable(records, truth));
  }
  return failures > 0 ? 'incomplete' : 'complete';
}
