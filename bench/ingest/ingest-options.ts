// The command line of `npm run bench:ingest`.
import { parseArgs } from 'node:util';
import { BenchError } from '../bench-error.ts';
import { readCount } from '../read-count.ts';

/** Enough for a median, in about two minutes. */
const USUAL_ROUNDS = 9;
const MAX_ROUNDS = 100;

/** What `npm run bench:ingest -- --help` prints. */
export const INGEST_USAGE = `Usage: npm run bench:ingest -- [options]

Sends events to Kinemark and to a bare Node server in turn, and prints what each takes.

  --rounds N     bursts of each kind at each server, 1 to ${MAX_ROUNDS} (default: ${USUAL_ROUNDS}); one takes some 10 s
                 and 60 MB of disk, which is given back
  --folder PATH  a folder on the disk to measure (default: the system's for temporary files)
  --help         print this

Exit code: 0, 2 when the arguments cannot be used, or a request was refused, or the store does not hold
exactly what was accepted.
`;

/** What is asked for. */
export type IngestOptions = {
  readonly rounds: number;
  /** Null for the system's own. */
  readonly folder: string | null;
};

/** Reads the arguments; null when only help is asked for. Throws a BenchError naming what is wrong. */
export function readIngestOptions(args: readonly string[]): IngestOptions | null {
  const values = parse(args);
  if (values.help) return null;
  const rounds = readCount('--rounds', values.rounds ?? String(USUAL_ROUNDS), 1, MAX_ROUNDS);
  return { rounds, folder: values.folder ?? null };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        rounds: { type: 'string' },
        folder: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (cause) {
    const [reason = 'the arguments do not fit'] = (cause as Error).message.split('\n');
    throw new BenchError(`${reason.replace(/\.$/, '')}. See npm run bench:ingest -- --help`);
  }
}
