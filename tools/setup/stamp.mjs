// Remembers from which inputs a step made its outputs: a digest, kept where `npm ci` throws it away.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const STAMP_FOLDER = 'node_modules/.cache/kinemark';

/**
 * @typedef {object} Inputs
 * @property {readonly string[]} paths Files and folders, relative to the root; a missing one counts too.
 * @property {(path: string) => boolean} [isIgnored] For paths relative to the root, with slashes.
 */

/**
 * Digest of the names and contents of all inputs.
 * @param {string} root
 * @param {Inputs} inputs
 */
export function digestInputs(root, { paths, isIgnored = () => false }) {
  const hash = createHash('sha256');
  for (const path of paths
    .flatMap((each) => filesIn(root, each))
    .filter((each) => !isIgnored(each))) {
    const content = readFileSync(join(root, path));
    // The length separates one file from the next.
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/**
 * Whether `name` was stamped with this digest.
 * @param {string} root
 * @param {string} name
 * @param {string} digest
 */
export function hasStamp(root, name, digest) {
  try {
    return readFileSync(stampPath(root, name), 'utf8') === digest;
  } catch {
    return false;
  }
}

/**
 * Call it once the outputs are complete.
 * @param {string} root
 * @param {string} name
 * @param {string} digest
 */
export function writeStamp(root, name, digest) {
  const path = stampPath(root, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, digest);
}

/**
 * Call it before the outputs are touched.
 * @param {string} root
 * @param {string} name
 */
export function removeStamp(root, name) {
  rmSync(stampPath(root, name), { force: true });
}

/**
 * @param {string} root
 * @param {string} name
 */
function stampPath(root, name) {
  return join(root, STAMP_FOLDER, `${name}.stamp`);
}

/**
 * @param {string} root
 * @param {string} path
 * @returns {string[]}
 */
function filesIn(root, path) {
  const stats = statSync(join(root, path), { throwIfNoEntry: false });
  if (!stats) return [];
  if (!stats.isDirectory()) return [path];
  const names = readdirSync(join(root, path)).sort();
  return names.flatMap((name) => filesIn(root, `${path}/${name}`));
}
