// Brings a checkout to where a command can run. What is done already costs a look and prints nothing.
import { withLock } from './lock.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * @typedef {object} Context
 * @property {string} root The project's root folder.
 * @property {NodeJS.ProcessEnv} environment
 *
 * @typedef {object} Done A step that needs no work.
 * @property {Record<string, string>} [environment] What it adds to the program's environment.
 * @property {string} [notice] A line worth showing every time.
 *
 * @typedef {object} Step
 * @property {string} announcement What it does, as in "building the application".
 * @property {(context: Context) => Done | null} check Null when there is work to do.
 * @property {(context: Context) => Promise<Done>} work Throws a SetupError that says what to do.
 */

/**
 * Does the steps that are not done yet, one command at a time; returns what they add to the program's
 * environment. Throws a SetupError when one fails.
 * @param {readonly Step[]} steps
 * @param {Context} context
 */
export async function setUp(steps, context) {
  /** @type {Record<string, string>} */
  const environment = {};
  for (const step of steps) {
    const done = step.check(context) ?? (await doStep(step, context));
    if (done.notice) announce(done.notice);
    Object.assign(environment, done.environment);
  }
  return environment;
}

/**
 * @param {Step} step
 * @param {Context} context
 */
async function doStep(step, context) {
  return withLock(context.root, announce, async () => {
    // Another command may have done it while this one waited.
    const doneByOther = step.check(context);
    if (doneByOther) return doneByOther;
    announce(`${step.announcement} …`);
    return work(step, context);
  });
}

/**
 * @param {Step} step
 * @param {Context} context
 */
async function work(step, context) {
  try {
    return await step.work(context);
  } catch (error) {
    if (!(error instanceof Error && 'path' in error && 'code' in error)) throw error;
    throw new SetupError(
      `${step.announcement} failed because ${String(error.path)} cannot be written ` +
        `(${String(error.code)}); check its permissions and the free disk space.`,
      { cause: error },
    );
  }
}

/**
 * On stderr, so that stdout is the program's alone.
 * @param {string} line
 */
function announce(line) {
  console.error(`kinemark: ${line}`);
}
