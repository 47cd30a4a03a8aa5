// Where the record is written, and that nobody can see half of it. What is recorded is in build-models.test.ts.
import { linkSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ForgeError } from '../../../tools/forge/forge-error.ts';
import { recordFiles } from '../../../tools/forge/record-files.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const MODEL = { path: 'a.onnx', bytes: 3, sha256: 'c0ffee' };
const MANIFEST = { path: 'manifest.json', bytes: 4, sha256: 'decaf' };
const RECORD = '{\n  "a.onnx": {\n    "bytes": 3,\n    "sha256": "c0ffee"\n  }\n}\n';

it('is put in the place of the last record as a whole', () => {
  const folder = temporaryFolder();
  const path = join(folder, 'built-files.json');
  writeFileSync(path, 'the last record');
  // A second name of the old file, which shows whether that one was written to.
  linkSync(path, join(folder, 'old'));
  recordFiles([MODEL, MANIFEST], path);
  expect(readFileSync(path, 'utf8')).toBe(RECORD);
  expect(readFileSync(join(folder, 'old'), 'utf8')).toBe('the last record');
  expect(readdirSync(folder).sort()).toEqual(['built-files.json', 'old']);
});

it('is named where it cannot be written, and nothing is left behind', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'built-files.json'));
  const write = () => recordFiles([MODEL], join(folder, 'built-files.json'));
  expect(write).toThrow(ForgeError);
  expect(write).toThrow(/^built-files\.json cannot be written to .*; check that .*\.$/);
  expect(readdirSync(folder)).toEqual(['built-files.json']);
});
