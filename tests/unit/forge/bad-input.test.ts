// What the forge says, and leaves behind, when the package or the output folder is not what it needs.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attachMetadata } from '../../../tools/forge/attach-metadata.ts';
import { buildModels } from '../../../tools/forge/build-models.ts';
import { ForgeError } from '../../../tools/forge/forge-error.ts';
import { findPosePackage } from '../../../tools/forge/pose-package.ts';
import { readTflite } from '../../../tools/forge/tflite-reader.ts';

const MAIN = join(import.meta.dirname, '../../../tools/forge/main.ts');
const ONE_SENTENCE = /^[^\n]+\.$/;
const LITE = 'pose_landmark_lite.tflite';
const LOADER = 'pose_solution_packed_assets_loader.js';
const DATA = 'pose_solution_packed_assets.data';

let scratch: string;
let output: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'kinemark-forge-'));
  output = join(scratch, 'models');
});

afterEach(() => {
  rmSync(scratch, { recursive: true });
});

/** A copy of the installed package in which `files` are replaced, or left out where null. */
function packageWith(files: Record<string, string | Uint8Array | null>): string {
  const folder = join(scratch, 'pose');
  mkdirSync(folder);
  for (const name of readdirSync(findPosePackage())) {
    if (!(name in files)) symlinkSync(join(findPosePackage(), name), join(folder, name));
  }
  for (const [name, content] of Object.entries(files)) {
    if (content !== null) writeFileSync(join(folder, name), content);
  }
  return folder;
}

function original(name: string): Buffer {
  return readFileSync(join(findPosePackage(), name));
}

/** The message with which `action` refuses its input. */
function refusalOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof ForgeError) return error.message;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

/** A loader that lists one file; the rest of what emscripten writes does not matter. */
function loaderListing(listing: unknown): string {
  return `var loadPackage = function(metadata) {};\n loadPackage(${JSON.stringify(listing)});`;
}

function patched(name: string, position: number, bytes: readonly number[]): Buffer {
  const copy = Buffer.from(original(name));
  copy.set(bytes, position);
  return copy;
}

describe('buildModels refuses, before writing anything,', () => {
  const cases: [string, () => Record<string, string | Uint8Array | null>, RegExp][] = [
    [
      'a package without a network',
      () => ({ [LITE]: null }),
      /^pose_landmark_lite\.tflite .*ENOENT/,
    ],
    ['a package without a licence', () => ({ 'package.json': '{}' }), /^package\.json .*licence/],
    ['a file of another kind', () => ({ [LITE]: 'not a model' }), /because .*identifier TFL3/],
    ['an empty file', () => ({ [LITE]: '' }), /identifier TFL3/],
    ['a network cut short', () => ({ [LITE]: original(LITE).subarray(0, 2e6) }), /cut short/],
    ['a damaged root', () => ({ [LITE]: patched(LITE, 0, [255, 255, 255, 127]) }), /damaged/],
    [
      'a network with another input',
      () => ({ [LITE]: original(DATA) }),
      /^pose_landmark_lite.tflite .*1×224×224×3 instead of 1×256×256×3/,
    ],
    ['a loader without a listing', () => ({ [LOADER]: 'loadPackage(x);' }), /has no `loadPackage/],
    [
      'a listing of another shape',
      () => ({ [LOADER]: loaderListing({ files: 1 }) }),
      /has no `loadPackage/,
    ],
    [
      'a listing that does not fit the data',
      () => ({ [LOADER]: loaderListing({ files: [], remote_package_size: 1 }) }),
      /has 2962288 bytes .* expects 1,/,
    ],
    [
      'a listing without the detector',
      () => ({ [LOADER]: loaderListing({ files: [], remote_package_size: 2962288 }) }),
      /no valid place for .*pose_detection\.tflite/,
    ],
  ];

  it.each(cases)('%s', (_, files, message) => {
    const refusal = refusalOf(() => buildModels(packageWith(files()), output));
    expect(refusal).toMatch(message);
    expect(refusal).toMatch(ONE_SENTENCE);
    expect(existsSync(output)).toBe(false);
  });
});

describe('findPosePackage', () => {
  it('says how to install the package where it is missing', () => {
    const refusal = refusalOf(() => findPosePackage(join(scratch, 'importer.js')));
    expect(refusal).toMatch(/@mediapipe\/pose.* is not installed; run `npm ci`/);
    expect(refusal).toMatch(ONE_SENTENCE);
  });
});

describe('attachMetadata', () => {
  it('refuses a model that has metadata already', () => {
    const metadata = new Uint8Array(4);
    const once = attachMetadata(readTflite(LITE, original(LITE)), metadata);
    const twice = () => attachMetadata(readTflite(LITE, once), metadata);
    expect(refusalOf(twice)).toMatch(
      /^pose_landmark_lite\.tflite has a TFLITE_METADATA entry already/,
    );
  });
});

describe('the command', () => {
  function forge(...args: string[]) {
    return spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' });
  }

  it('prints a line per file and the time', () => {
    const { status, stdout, stderr } = forge('--out', output);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(
      /^blazepose-lite\.task +5\.79 MB +sha256 [0-9a-f]{12}\n(.+\n)+manifest\.json .+\nBuilt in [\d.]+ s\.\n$/,
    );
  });

  it.each([
    ['an output that is a file', () => ['--out', MAIN], /cannot be written to .* \(EEXIST\)/],
    ['an unknown option', () => ['--from', 'here'], /--out <folder>/],
  ])('exits with 2 and one sentence for %s', (_, args, message) => {
    const { status, stdout, stderr } = forge(...args());
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^kinemark models: [^\n]+\.\n$/);
    expect(stderr).toMatch(message);
  });

  it('leaves no temporary file when a finished file cannot be put in place', () => {
    mkdirSync(join(output, 'blazepose-full.task'), { recursive: true });
    expect(forge('--out', output)).toMatchObject({ status: 2, stdout: '' });
    expect(readdirSync(output).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});
