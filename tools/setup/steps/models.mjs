// The step that builds the models' weights with the forge (tools/forge).
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findNode } from '../find-node.mjs';
import { runQuietly } from '../run-quietly.mjs';
import { digestInputs, hasStamp, writeStamp } from '../stamp.mjs';

const STAMP = 'models';
const MODELS_FOLDER = 'static/models';
const INPUTS = { paths: ['tools/forge', 'package-lock.json'] };

/** @type {import('../set-up.mjs').Step} */
export const models = {
  announcement: 'building the models',
  check({ root }) {
    const isUpToDate = hasStamp(root, STAMP, digestInputs(root, INPUTS)) && hasAllFiles(root);
    return isUpToDate ? {} : null;
  },
  async work({ root, environment }) {
    const digest = digestInputs(root, INPUTS);
    await runQuietly({
      what: 'building the models',
      hint: 'the lines above say why; npm run models repeats it.',
      program: findNode(root),
      args: ['tools/forge/main.ts'],
      root,
      environment,
    });
    writeStamp(root, STAMP, digest);
    return {};
  },
};

/**
 * Whether the manifest and every file it names are there, in the right size. The digests are left to
 * whoever loads a model.
 * @param {string} root
 */
function hasAllFiles(root) {
  try {
    const manifest = /** @type {{ models: { files: { path: string, bytes: number }[] }[] }} */ (
      JSON.parse(readFileSync(join(root, MODELS_FOLDER, 'manifest.json'), 'utf8'))
    );
    return manifest.models
      .flatMap(({ files }) => files)
      .every(({ path, bytes }) => statSync(join(root, MODELS_FOLDER, path)).size === bytes);
  } catch {
    return false;
  }
}
