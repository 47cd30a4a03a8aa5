// When the dependencies count as installed.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isInstalled, type LockedPackages } from '../../../tools/setup/steps/dependencies.mjs';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const HERE = { os: [process.platform], cpu: [process.arch] };
const ELSEWHERE = { os: 'plan9', cpu: ['x64'] };

const wanted: LockedPackages = {
  '': { version: '0.1.0' },
  'node_modules/comlink': { version: '4.4.2', integrity: 'sha512-a' },
  'node_modules/node-here': { version: '24.0.0', integrity: 'sha512-b', optional: true, ...HERE },
  'node_modules/node-elsewhere': {
    version: '24.0.0',
    integrity: 'sha512-c',
    optional: true,
    ...ELSEWHERE,
  },
};
const { 'node_modules/comlink': comlink, 'node_modules/node-here': nodeHere } = wanted;
const installed: LockedPackages = {
  'node_modules/comlink': comlink!,
  'node_modules/node-here': nodeHere!,
};

function project(found: LockedPackages | null): string {
  const root = temporaryFolder();
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: wanted }));
  mkdirSync(join(root, 'node_modules'));
  if (found) {
    const text = JSON.stringify({ packages: found });
    writeFileSync(join(root, 'node_modules/.package-lock.json'), text);
  }
  return root;
}

test('installed as the lockfile says', () => {
  expect(isInstalled(project(installed))).toBe(true);
});

test('without what this system could not install', () => {
  expect(isInstalled(project({ 'node_modules/comlink': comlink! }))).toBe(true);
});

test.each<[string, LockedPackages | null]>([
  ['an installation that was interrupted', null],
  ['a package that is missing', { 'node_modules/node-here': nodeHere! }],
  ['another version', { ...installed, 'node_modules/comlink': { ...comlink, version: '4.4.1' } }],
  ['other bytes', { ...installed, 'node_modules/comlink': { ...comlink, integrity: 'sha512-z' } }],
  ['a package too many', { ...installed, 'node_modules/left-over': { version: '1.0.0' } }],
  [
    'an installation for another machine',
    { ...installed, 'node_modules/node-elsewhere': wanted['node_modules/node-elsewhere']! },
  ],
])('not with %s', (_, found) => {
  expect(isInstalled(project(found))).toBe(false);
});

test('not without node_modules', () => {
  const root = project(installed);
  rmSync(join(root, 'node_modules'), { recursive: true });
  expect(isInstalled(root)).toBe(false);
});

test('a lockfile that cannot be read is a sentence', () => {
  expect(() => isInstalled(temporaryFolder())).toThrow(
    'package-lock.json cannot be read; restore it from git.',
  );
});
