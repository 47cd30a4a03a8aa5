// Writes which files each engine of a build is made of, for the page that keeps engines for use offline. Only
// the finished build knows: names carry hashes, and workers are bundled apart from the app.
import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

const WORKERS_FOLDER = '_app/immutable/workers';
/** As src/lib/offline/engine-files.ts reads it. */
const LIST_FILE = '_app/engine-files.json';
const WORKER_FILE = /^([a-z]+)\.worker-[\w-]+\.js$/;
/** What may name other files. */
const SCRIPT = /\.m?js$/;

/**
 * @typedef {object} BuiltFile
 * @property {string} name
 * @property {string} path From the root of the site.
 * @property {number} bytes
 * @property {string} text Of a script; empty otherwise.
 */

/**
 * Adds the list to a folder of client files.
 * @param {string} clientFolder
 */
export async function writeEngineFiles(clientFolder) {
  const files = await readWorkers(clientFolder);
  /** @type {Record<string, { worker: string, files: { path: string, bytes: number }[] }>} */
  const list = {};
  for (const file of files) {
    const engine = WORKER_FILE.exec(file.name)?.[1];
    if (engine === undefined) continue;
    const parts = reachableFrom(file, files).map(({ path, bytes }) => ({ path, bytes }));
    list[engine] = { worker: file.path, files: parts };
  }
  if (Object.keys(list).length === 0) {
    throw new Error(`The build has no engines in ${WORKERS_FOLDER}: their names have changed.`);
  }
  await writeFile(join(clientFolder, LIST_FILE), JSON.stringify(list));
}

/**
 * @param {string} clientFolder
 * @returns {Promise<BuiltFile[]>}
 */
async function readWorkers(clientFolder) {
  const folder = join(clientFolder, WORKERS_FOLDER);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.br'))
      .map(async ({ name, parentPath }) => {
        const file = join(parentPath, name);
        return {
          name,
          path: `/${relative(clientFolder, file).split(sep).join('/')}`,
          bytes: (await stat(file)).size,
          text: SCRIPT.test(name) ? await readFile(file, 'utf8') : '',
        };
      }),
  );
}

/**
 * The file and all files that it names, or that one of those names. Bundlers write imports, URLs of assets
 * and chunks to preload in different ways, but always by the name with its hash.
 * @param {BuiltFile} entry
 * @param {readonly BuiltFile[]} files
 */
function reachableFrom(entry, files) {
  const found = new Set([entry]);
  for (const { text } of found) {
    for (const file of files) if (text.includes(file.name)) found.add(file);
  }
  return [...found].sort((a, b) => a.path.localeCompare(b.path));
}
