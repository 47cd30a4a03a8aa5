// The model forge's command line: builds static/models from the installed packages, with no download, or
// converts one TFLite file. Run by `npm run models`.
import { relative } from 'node:path';
import { buildModels, type Artefact } from './build-models.ts';
import { convertFile, type WrittenFile } from './convert-file.ts';
import { ForgeError } from './forge-error.ts';
import { parseCommand, type BuildCommand } from './parse-command.ts';
import { findPosePackage } from './pose-package.ts';
import { recordFiles } from './record-files.ts';

const EXIT_BAD_INPUT = 2;

const BYTES_PER_MB = 1e6;
const MS_PER_SECOND = 1000;
const SHOWN_DIGEST_LENGTH = 12;
const SIGNIFICANT_DIGITS = 3;
const COLUMN = { path: 56, megabytes: 8 } as const;

try {
  const command = parseCommand(process.argv.slice(2));
  const startMs = performance.now();
  if (command.kind === 'build') build(command);
  else convertFile(command).forEach(printWritten);
  const seconds = (performance.now() - startMs) / MS_PER_SECOND;
  console.log(`Built in ${seconds.toFixed(1)} s.`);
} catch (error) {
  if (!(error instanceof ForgeError)) throw error;
  console.error(`kinemark models: ${error.message}`);
  process.exitCode = EXIT_BAD_INPUT;
}

function build({ outputFolder, recordPath }: BuildCommand): void {
  const artefacts = buildModels(findPosePackage(), outputFolder);
  artefacts.forEach(printArtefact);
  if (recordPath !== null) recordFiles(artefacts, recordPath);
}

function printArtefact({ path, bytes, sha256 }: Artefact): void {
  console.log(`${formatFile(path, bytes)}  sha256 ${sha256.slice(0, SHOWN_DIGEST_LENGTH)}`);
}

function printWritten({ path, bytes }: WrittenFile): void {
  console.log(formatFile(relative('.', path), bytes));
}

function formatFile(path: string, bytes: number): string {
  const megabytes = (bytes / BYTES_PER_MB).toPrecision(SIGNIFICANT_DIGITS);
  return `${path.padEnd(COLUMN.path)} ${megabytes.padStart(COLUMN.megabytes)} MB`;
}
