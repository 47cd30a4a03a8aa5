// What the command line of `npm run test:faults` comes to.
import { parseArgs } from 'node:util';

/** Which schedules are run, and how. */
export type FaultOptions = {
  /** Of the first schedule; each next one has the next number. */
  readonly firstSeed: number;
  readonly schedules: number;
  /** Schedules side by side. */
  readonly lanes: number;
};

/** The command line asks for something that there is not. */
export class UsageError extends Error {
  override name = 'UsageError';
}

export const USAGE = `Usage: npm run test:faults [-- options]

  --schedules N   how many schedules (default 300; 1 with --seed)
  --seed N        the seed of the first one: repeats a schedule that failed (default 1)
  --lanes N       schedules side by side (default 4)
`;

const USUAL_SCHEDULES = 300;
const USUAL_SEED = 1;
/** Most of a schedule is waiting, so two cores serve twice as many. */
const USUAL_LANES = 4;
/** Seeds count by their lowest 32 bits (metrics/seeded-random.ts). */
const MAX_SEED = 2 ** 32 - 1;
const MAX_SCHEDULES = 1_000_000;
const MAX_LANES = 32;

/** Reads the arguments; null when only help is asked for. Throws a UsageError naming what is wrong. */
export function readFaultOptions(args: readonly string[]): FaultOptions | null {
  const values = parse(args);
  if (values.help) return null;
  const isRepeated = values.seed !== undefined;
  return {
    firstSeed: readNumber('--seed', values.seed, USUAL_SEED, MAX_SEED),
    schedules: readNumber(
      '--schedules',
      values.schedules,
      isRepeated ? 1 : USUAL_SCHEDULES,
      MAX_SCHEDULES,
    ),
    lanes: readNumber('--lanes', values.lanes, USUAL_LANES, MAX_LANES),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean' },
        schedules: { type: 'string' },
        seed: { type: 'string' },
        lanes: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function readNumber(name: string, text: string | undefined, usual: number, most: number): number {
  if (text === undefined) return usual;
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= most) return number;
  throw new UsageError(`${name} is "${text}", but must be a whole number from 1 to ${most}.`);
}
