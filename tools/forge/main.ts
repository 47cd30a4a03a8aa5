// The model forge's command line: builds static/models from the installed packages, with no download.
// Run by `npm run models`.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildModels, type Artefact } from './build-models.ts';
import { ForgeError } from './forge-error.ts';
import { findPosePackage } from './pose-package.ts';

const DEFAULT_OUTPUT = join(import.meta.dirname, '../../static/models');
const EXIT_BAD_INPUT = 2;

const BYTES_PER_MB = 1e6;
const MS_PER_SECOND = 1000;
const SHOWN_DIGEST_LENGTH = 12;
const SIGNIFICANT_DIGITS = 3;
const COLUMN = { path: 20, megabytes: 7 } as const;

try {
  const outputFolder = parseOutputFolder();
  const startMs = performance.now();
  for (const artefact of buildModels(findPosePackage(), outputFolder)) {
    console.log(formatArtefact(artefact));
  }
  const seconds = (performance.now() - startMs) / MS_PER_SECOND;
  console.log(`Built in ${seconds.toFixed(1)} s.`);
} catch (error) {
  if (!(error instanceof ForgeError)) throw error;
  console.error(`kinemark models: ${error.message}`);
  process.exitCode = EXIT_BAD_INPUT;
}

function parseOutputFolder(): string {
  try {
    return parseArgs({ options: { out: { type: 'string', default: DEFAULT_OUTPUT } } }).values.out;
  } catch (error) {
    throw new ForgeError(
      'The arguments are not understood, because `--out <folder>` is the only option; leave it out to ' +
        'build into static/models.',
      { cause: error },
    );
  }
}

function formatArtefact({ path, bytes, sha256 }: Artefact): string {
  const megabytes = (bytes / BYTES_PER_MB).toPrecision(SIGNIFICANT_DIGITS);
  const digest = sha256.slice(0, SHOWN_DIGEST_LENGTH);
  return `${path.padEnd(COLUMN.path)} ${megabytes.padEnd(COLUMN.megabytes)} MB  sha256 ${digest}`;
}
