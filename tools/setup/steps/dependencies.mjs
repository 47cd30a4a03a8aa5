// The step that installs what package-lock.json names.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npmCommand } from '../npm-command.mjs';
import { runQuietly } from '../run-quietly.mjs';
import { SetupError } from '../setup-error.mjs';

/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {string} [integrity]
 * @property {boolean} [optional]
 * @property {boolean} [devOptional]
 * @property {string | string[]} [os]
 * @property {string | string[]} [cpu]
 *
 * @typedef {Record<string, LockedPackage>} LockedPackages
 */

/** Whatever NODE_ENV or the user's settings say: the tools and this machine's Node 24 are needed. */
const NPM_ARGUMENTS = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];

/** @type {import('../set-up.mjs').Step} */
export const dependencies = {
  announcement: 'installing dependencies (npm ci)',
  check({ root }) {
    return isInstalled(root) ? {} : null;
  },
  async work({ root, environment }) {
    await runQuietly({
      what: 'installing the dependencies',
      hint: 'delete node_modules and try again.',
      ...npmCommand(environment, NPM_ARGUMENTS),
      root,
      environment,
    });
    if (isInstalled(root)) return {};
    throw new SetupError(
      'npm ci seemed to work but left something out; delete node_modules and try again.',
    );
  },
};

/**
 * Whether node_modules holds exactly what package-lock.json names, for this machine. npm notes what it
 * has installed at the very end, so an interrupted installation does not count.
 * @param {string} root
 */
export function isInstalled(root) {
  const wanted = readPackages(join(root, 'package-lock.json'));
  if (!wanted) throw new SetupError('package-lock.json cannot be read; restore it from git.');
  const installed = readPackages(join(root, 'node_modules/.package-lock.json'));
  if (!installed) return false;
  const isComplete = Object.entries(wanted).every(([path, entry]) => {
    const found = installed[path];
    if (!found) return path === '' || entry.optional === true || entry.devOptional === true;
    return found.version === entry.version && found.integrity === entry.integrity;
  });
  const isForThisMachine = Object.entries(installed).every(
    ([path, { os, cpu }]) =>
      path in wanted && allows(os, process.platform) && allows(cpu, process.arch),
  );
  return isComplete && isForThisMachine;
}

/**
 * @param {string} file
 * @returns {LockedPackages | null}
 */
function readPackages(file) {
  try {
    return /** @type {{ packages: LockedPackages }} */ (JSON.parse(readFileSync(file, 'utf8')))
      .packages;
  } catch {
    return null;
  }
}

/**
 * npm's rule for `os` and `cpu`: a list of names, of which some may be excluded with "!".
 * @param {string | string[] | undefined} rule
 * @param {string} name
 */
function allows(rule, name) {
  if (rule === undefined) return true;
  const names = [rule].flat();
  if (names.includes(`!${name}`)) return false;
  return names.includes(name) || names.every((each) => each.startsWith('!'));
}
