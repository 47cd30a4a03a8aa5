// The command line of `npm run bench:overhead`.
import { parseArgs } from 'node:util';
import type { Target } from '../src/lib/models/target.ts';
import { BenchError } from './bench-error.ts';
import { readCount } from './read-count.ts';
import { bundledWasmTargets, selectTargets } from './select-targets.ts';

/** A closed pipeline and one whose stages Kinemark runs itself: the app costs each something else. */
const USUAL_TARGETS = 'mediapipe/blazepose-lite@wasm,litert/blazepose-lite@wasm';
/** The median of as many is known to about 1 % where single ratios differ by 5 %. */
const USUAL_PAIRS = 30;
/** The fewest that give an interval of the median at the confidence that is printed. */
const MIN_PAIRS = 6;

/** What `npm run bench:overhead -- --help` prints. */
export const OVERHEAD_USAGE = `Usage: npm run bench:overhead -- [options]

  --target IDS  what to run in the app and in a bare loop, separated by commas; models that come with
                Kinemark on wasm (default: ${USUAL_TARGETS})
  --pairs N     how often each is run in both, at least ${MIN_PAIRS} (default: ${USUAL_PAIRS})
  --help        print this

Exit code: 0, 2 when the arguments cannot be used or a run fails.
`;

/** What is asked for. */
export type OverheadOptions = {
  readonly targets: readonly Target[];
  readonly pairs: number;
};

/** Reads the arguments; null when only help is asked for. Throws a BenchError naming what is wrong. */
export function readOverheadOptions(args: readonly string[]): OverheadOptions | null {
  const values = parse(args);
  if (values.help) return null;
  const targets = selectTargets(values.target ?? [USUAL_TARGETS]);
  const bundled = bundledWasmTargets();
  // Others would measure a download, or a graphics card that runs both at once.
  const other = targets.find((target) => !bundled.includes(target));
  if (other) {
    throw new BenchError(
      `--target names ${other.id}, but the overhead is measured on models that come with Kinemark, on wasm. Choose one of: ${bundled.map(({ id }) => id).join(', ')}.`,
    );
  }
  const pairs = readCount('--pairs', values.pairs ?? String(USUAL_PAIRS), MIN_PAIRS);
  return { targets, pairs };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        target: { type: 'string', multiple: true },
        pairs: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (cause) {
    const [reason = 'the arguments do not fit'] = (cause as Error).message.split('\n');
    throw new BenchError(`${reason.replace(/\.$/, '')}. See npm run bench:overhead -- --help`);
  }
}
