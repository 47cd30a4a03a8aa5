// Sets up what a command needs, then becomes its program: same terminal, signals and exit code.
import { fileURLToPath } from 'node:url';
import { commands } from './commands.mjs';
import { findNode } from './find-node.mjs';
import { exitCodeOf, runChild } from './run-child.mjs';
import { setUp } from './set-up.mjs';
import { SetupError } from './setup-error.mjs';

const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url));
const EXIT_CANNOT_RUN = 2;

/**
 * Runs the command named first with the arguments that follow, and sets the exit code.
 * @param {readonly string[]} commandLine
 */
export async function runCommand([name = '', ...args]) {
  try {
    process.exitCode = await prepareAndRun(name, args);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`kinemark: ${error.message}`);
    process.exitCode = EXIT_CANNOT_RUN;
  }
}

/**
 * @param {string} name
 * @param {readonly string[]} args
 * @returns {Promise<number>} the exit code
 */
async function prepareAndRun(name, args) {
  const command = commands[name];
  if (!command) {
    const known = Object.keys(commands).join(', ');
    throw new SetupError(`there is no command "${name}"; choose one of ${known}.`);
  }
  const environment = await setUp(command.steps, { root: PROJECT_ROOT, environment: process.env });
  if (command.program === null) return 0;
  const end = await runChild(
    findNode(PROJECT_ROOT),
    // TypeScript and SQLite are stable in Node 24; its early versions still warn on every start.
    ['--disable-warning=ExperimentalWarning', command.program, ...(command.args ?? []), ...args],
    { cwd: PROJECT_ROOT, env: { ...process.env, ...environment }, stdio: 'inherit' },
  );
  return exitCodeOf(end);
}
