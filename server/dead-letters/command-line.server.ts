// What the command line of `npm run deadletters` asks for. Reads arguments and touches nothing.
import { parseArgs } from 'node:util';
import type { DeadLetterChoice } from '../broker/dead-letters.server.ts';
import { StartupError } from '../startup-error.server.ts';

/** One thing to do. */
export type DeadLetterTask =
  | { readonly kind: 'list'; readonly limit: number }
  | { readonly kind: 'show'; readonly id: string }
  | { readonly kind: 'replay' | 'drop'; readonly choice: DeadLetterChoice };

/** What is asked for, and whether a program will read the answer. */
export type DeadLetterCommand = { readonly task: DeadLetterTask; readonly json: boolean };

/** More than fits on a screen is for a file, and whoever wants it says so. */
const USUAL_LIMIT = 50;
const LIMIT = /^[1-9]\d{0,8}$/;

/** What `--help` prints. */
export const USAGE = `Usage: npm run deadletters -- COMMAND [options]

Events that the server has accepted and could not store: after five tries they are put aside here. Works
while the server runs and while it does not, on the queue in the folder KINEMARK_DATA (default: data), or
with KINEMARK_PLATFORM=google on what the server's variables name (docs/configuration.md).

  list                    what there is, the newest first
  show ID                 one of them: its error and its event
  replay ID … | --all     try to store them again, all of them or none; each event keeps its id, so one that
                          was stored after all is not stored twice
  drop ID … | --all       forget them, and with them their events, for good

  --limit N   list: so many at most (default: ${USUAL_LIMIT})
  --json      print JSON
  --help      print this

Exit code: 0 when it is done, 1 when there is no such dead letter, 2 when the arguments or the queue cannot
be used.
`;

/** Reads the arguments; null when only help is asked for. Throws StartupError naming what is wrong. */
export function readCommandLine(args: readonly string[]): DeadLetterCommand | null {
  const { values, positionals } = parse(args);
  if (values.help === true) return null;
  const [name, ...ids] = positionals;
  const all = values.all === true;
  const task = readTask(name, ids, all, values.limit);
  if (all && task.kind !== 'replay' && task.kind !== 'drop') {
    throw misuse(`${task.kind} knows no --all`);
  }
  if (values.limit !== undefined && task.kind !== 'list') {
    throw misuse(`${task.kind} knows no --limit`);
  }
  return { task, json: values.json === true };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        all: { type: 'boolean' },
        limit: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    // Its first sentence names the option; what follows is about positional arguments.
    const [reason = ''] = error instanceof Error ? error.message.split('. ', 1) : [];
    throw misuse(reason.replace(/\.$/, ''), error);
  }
}

function readTask(
  name: string | undefined,
  ids: readonly string[],
  all: boolean,
  limit: string | undefined,
): DeadLetterTask {
  switch (name) {
    case 'list':
      if (ids.length > 0) throw misuse('list takes no ids');
      return { kind: 'list', limit: readLimit(limit) };
    case 'show': {
      const [id, ...more] = ids;
      if (id === undefined || more.length > 0) throw misuse('show takes one id');
      return { kind: 'show', id };
    }
    case 'replay':
    case 'drop':
      if (all === ids.length > 0) throw misuse(`${name} takes either ids or --all`);
      return { kind: name, choice: all ? 'all' : ids };
    case undefined:
      throw misuse('a command is missing');
    default:
      throw misuse(`there is no command ${JSON.stringify(name)}`);
  }
}

function readLimit(value: string | undefined): number {
  if (value === undefined) return USUAL_LIMIT;
  if (!LIMIT.test(value)) throw misuse(`--limit is ${JSON.stringify(value)}, not a whole number`);
  return Number(value);
}

function misuse(what: string, cause?: unknown): StartupError {
  return new StartupError(
    `${what}; use list, show, replay or drop, as npm run deadletters -- --help explains`,
    { cause },
  );
}
