// What the bench commands share as programs: sentences on stderr, and what their exit codes mean.
import { StartupError } from '../server/startup-error.server.ts';
import { BenchError } from './bench-error.ts';

/**
 * How a command ended: with everything that was asked for; without some targets; or unable to do it,
 * because of its arguments, its sources, or where the results were to go.
 */
export type CommandEnd = 'complete' | 'incomplete' | 'refused';

const EXIT_CODES = { complete: 0, incomplete: 1, refused: 2 } as const satisfies Record<
  CommandEnd,
  number
>;

/** Runs a command and sets the exit code. A BenchError or StartupError is told in its sentence. */
export async function runCommand(command: () => Promise<CommandEnd>): Promise<void> {
  process.exitCode = EXIT_CODES[await endOf(command)];
}

/** Tells the user one sentence. */
export function complain(sentence: string): void {
  console.error(`kinemark bench: ${sentence}`);
}

async function endOf(command: () => Promise<CommandEnd>): Promise<CommandEnd> {
  try {
    return await command();
  } catch (cause) {
    if (!(cause instanceof BenchError || cause instanceof StartupError)) throw cause;
    complain(cause.message);
    return 'refused';
  }
}
