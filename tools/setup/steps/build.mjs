// The step that builds the application (`vite build`).
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findNode } from '../find-node.mjs';
import { runQuietly } from '../run-quietly.mjs';
import { digestInputs, hasStamp, removeStamp, writeStamp } from '../stamp.mjs';

const STAMP = 'build';
const OUTPUT = 'build';
/** Where it is built: nobody sees a half of it. */
const UNFINISHED_OUTPUT = '.svelte-kit/unfinished-build';
/** What the server and the tests' TypeScript settings need. */
const NEEDED_OUTPUTS = ['build/handler.js', '.svelte-kit/tsconfig.json'];

/** All that a build reads: the endpoints import the server, the two configurations the rest. */
const INPUTS = {
  paths: [
    'src',
    'server',
    'static',
    'tools/build',
    'tools/bundle',
    'svelte.config.js',
    'vite.config.ts',
    'tsconfig.json',
    'package.json',
    'package-lock.json',
  ],
  /**
   * The manifest tells the weights apart by their digests.
   * @param {string} path
   */
  isIgnored: (path) => path.startsWith('static/models/') && path !== 'static/models/manifest.json',
};

/** @type {import('../set-up.mjs').Step} */
export const build = {
  announcement: 'building the application',
  check({ root }) {
    const isUpToDate =
      NEEDED_OUTPUTS.every((path) => existsSync(join(root, path))) &&
      hasStamp(root, STAMP, digestInputs(root, INPUTS));
    return isUpToDate ? {} : null;
  },
  async work({ root, environment }) {
    // Taken first: what is edited meanwhile is not in this build.
    const digest = digestInputs(root, INPUTS);
    await runQuietly({
      what: 'building the application',
      hint: 'the lines above say why; npm run build repeats it.',
      program: findNode(root),
      args: ['node_modules/vite/bin/vite.js', 'build'],
      root,
      environment: { ...environment, KINEMARK_BUILD_FOLDER: UNFINISHED_OUTPUT },
    });
    removeStamp(root, STAMP);
    rmSync(join(root, OUTPUT), { recursive: true, force: true });
    renameSync(join(root, UNFINISHED_OUTPUT), join(root, OUTPUT));
    writeStamp(root, STAMP, digest);
    return {};
  },
};
