// The command line of `npm run bench:engines`.
import { parseArgs } from 'node:util';
import type { Target } from '../src/lib/models/target.ts';
import { BenchError } from './bench-error.ts';
import { readCount } from './read-count.ts';
import { selectTargets } from './select-targets.ts';

/** Six rounds are the fewest that give an interval of the median at the confidence that is printed. */
const MIN_ROUNDS = 6;
const USUAL_FRAMES = 150;
const USUAL_TARGETS = '*blazepose-*@wasm';

/** What `npm run bench:engines -- --help` prints. */
export const COMPARISON_USAGE = `Usage: npm run bench:engines -- [options]

  --target IDS     targets to compare, * for any part, separated by commas; may be given more than once
                   (default: ${USUAL_TARGETS})
  --accept-license you have read the notice of weights whose licence binds their users
  --frames N       frames of the actor in each run (default: ${USUAL_FRAMES})
  --rounds N       how often each target runs, at least ${MIN_ROUNDS} (default: ${MIN_ROUNDS})
  --help           print this

Exit code: 0, 1 when some target failed, 2 when the arguments cannot be used.
`;

/** What is asked for. */
export type ComparisonOptions = {
  readonly targets: readonly Target[];
  /** Whether the user has read what the weights' licences ask for. */
  readonly acceptLicense: boolean;
  /** Frames from the start of the clip. */
  readonly frames: number;
  readonly rounds: number;
};

/**
 * Reads the arguments; null when only help is asked for. The clip has `clipFrames` frames. Throws a
 * BenchError naming what is wrong.
 */
export function readComparisonOptions(
  args: readonly string[],
  clipFrames: number,
): ComparisonOptions | null {
  const values = parse(args);
  if (values.help) return null;
  const frames = readCount('--frames', values.frames ?? String(USUAL_FRAMES));
  if (frames > clipFrames) {
    throw new BenchError(
      `--frames is ${frames}, but the actor clip has ${clipFrames} frames. Ask for no more than these.`,
    );
  }
  return {
    targets: selectTargets(values.target ?? [USUAL_TARGETS]),
    acceptLicense: values['accept-license'] ?? false,
    frames,
    rounds: readCount('--rounds', values.rounds ?? String(MIN_ROUNDS), MIN_ROUNDS),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        target: { type: 'string', multiple: true },
        'accept-license': { type: 'boolean' },
        frames: { type: 'string' },
        rounds: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (cause) {
    const [reason = 'the arguments do not fit'] = (cause as Error).message.split('\n');
    throw new BenchError(`${reason.replace(/\.$/, '')}. See npm run bench:engines -- --help`);
  }
}
