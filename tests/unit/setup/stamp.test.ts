// Stamps against real folders: what counts as changed, and what does not.
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digestInputs, hasStamp, removeStamp, writeStamp } from '../../../tools/setup/stamp.mjs';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const INPUTS = {
  paths: ['src', 'config.js'],
  isIgnored: (path: string) => path.startsWith('src/ignored/'),
};

function project(): string {
  const root = temporaryFolder();
  mkdirSync(join(root, 'src/ignored'), { recursive: true });
  writeFileSync(join(root, 'src/a.ts'), 'a');
  writeFileSync(join(root, 'src/b.ts'), 'b');
  writeFileSync(join(root, 'src/ignored/weights'), 'w');
  writeFileSync(join(root, 'config.js'), 'c');
  return root;
}

test('the same content gives the same digest, in whichever folder', () => {
  expect(digestInputs(project(), INPUTS)).toBe(digestInputs(project(), INPUTS));
});

test.each<[string, (root: string) => void]>([
  ['an edited file', (root) => writeFileSync(join(root, 'src/a.ts'), 'A')],
  ['a new file', (root) => writeFileSync(join(root, 'src/c.ts'), '')],
  ['a renamed file', (root) => renameSync(join(root, 'src/a.ts'), join(root, 'src/d.ts'))],
  ['a file that is gone', (root) => rmSync(join(root, 'config.js'))],
  [
    'content that moved from one file to the next',
    (root) => {
      writeFileSync(join(root, 'src/a.ts'), '');
      writeFileSync(join(root, 'src/b.ts'), 'ab');
    },
  ],
])('%s changes it', (_, edit) => {
  const root = project();
  const before = digestInputs(root, INPUTS);
  edit(root);
  expect(digestInputs(root, INPUTS)).not.toBe(before);
});

test('what is ignored does not change it', () => {
  const root = project();
  const before = digestInputs(root, INPUTS);
  writeFileSync(join(root, 'src/ignored/weights'), 'W');
  writeFileSync(join(root, 'README.md'), 'other');
  expect(digestInputs(root, INPUTS)).toBe(before);
});

test('a stamp holds for its digest only, and until it is removed', () => {
  const root = temporaryFolder();
  expect(hasStamp(root, 'build', 'digest')).toBe(false);
  writeStamp(root, 'build', 'digest');
  expect(hasStamp(root, 'build', 'digest')).toBe(true);
  expect(hasStamp(root, 'build', 'other')).toBe(false);
  expect(hasStamp(root, 'models', 'digest')).toBe(false);
  removeStamp(root, 'build');
  expect(hasStamp(root, 'build', 'digest')).toBe(false);
});
