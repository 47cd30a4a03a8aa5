// Runs a program of the set-up: silent when it works; when it fails, the end of what it said and a sentence.
import { exitCodeOf, runChild } from './run-child.mjs';
import { SetupError, StoppedError } from './setup-error.mjs';

const SHOWN_LINES = 30;
const KEPT_CHARACTERS = 64_000;

/** Causes that a user can remove; the first that the output names is reported. */
const CAUSES = [
  {
    pattern: /npm error code EUSAGE/,
    sentence: 'because package-lock.json does not fit package.json; restore both from git.',
  },
  {
    pattern: /ENOSPC|no space left/i,
    sentence: 'because the disk is full; free some space and try again.',
  },
  {
    pattern: /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|could not resolve/i,
    sentence: 'because the network did not answer; check the connection and try again.',
  },
  {
    pattern: /EACCES|EPERM|EROFS|permission denied/i,
    sentence: 'because files could not be written; check the permissions of this folder.',
  },
];

/**
 * @param {object} task
 * @param {string} task.what Subject of the sentence on failure, as in "building the application".
 * @param {string} task.hint What to do when the cause is not a known one.
 * @param {string} task.program
 * @param {readonly string[]} task.args
 * @param {string} task.root The folder it runs in.
 * @param {NodeJS.ProcessEnv} task.environment
 * @param {boolean} [task.shell] Needed on Windows for programs that are scripts.
 */
export async function runQuietly({ what, hint, program, args, root, environment, shell = false }) {
  let output = '';
  const options = { cwd: root, env: environment, shell };
  const end = await runChild(
    program,
    args,
    { ...options, stdio: ['ignore', 'pipe', 'pipe'] },
    (text) => {
      output = (output + text).slice(-KEPT_CHARACTERS);
    },
  ).catch((/** @type {unknown} */ error) => {
    output += error instanceof Error ? error.message : String(error);
    return { code: null, signal: null };
  });
  if (end.code === 0) return;
  if (end.signal)
    throw new StoppedError(`${what} was stopped (${end.signal}); run the command again.`);
  console.error(output.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n'));
  const cause = CAUSES.find(({ pattern }) => pattern.test(output));
  throw new SetupError(
    `${what} failed ${cause?.sentence ?? `with exit code ${exitCodeOf(end)}; ${hint}`}`,
  );
}
