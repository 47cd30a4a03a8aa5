// The list of engines' files that the build writes.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EngineFiles } from '../../../src/lib/offline/engine-files.ts';
import { writeEngineFiles } from '../../../tools/build/engine-files.js';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const WORKERS = '/_app/immutable/workers';

test('a worker, and whatever it or one of its parts names', async () => {
  const client = temporaryFolder();
  const workers = join(client, WORKERS);
  mkdirSync(join(workers, 'assets'), { recursive: true });
  mkdirSync(join(workers, 'chunks'));
  const contents = {
    'ort.worker-aB_1.js': 'import("./chunks/x1.js")',
    'tfjs.worker-cD2.js': 'import"./chunks/y2.js"',
    'chunks/x1.js': 'new URL("/_app/immutable/workers/assets/ort-9.wasm")',
    'chunks/y2.js': 'import "./x1.js"',
    'chunks/nobodys.js': 'ort.worker-aB_1.js',
    'assets/ort-9.wasm': 'x1.js and nobodys.js: but no script names anything in here',
    'assets/ort-9.wasm.br': 'compressed',
  };
  for (const [name, text] of Object.entries(contents)) writeFileSync(join(workers, name), text);

  await writeEngineFiles(client);

  const list = JSON.parse(
    readFileSync(join(client, '_app/engine-files.json'), 'utf8'),
  ) as EngineFiles;
  const names = (id: 'ort' | 'tfjs') => list[id].files.map(({ path }) => path.slice(WORKERS.length));
  expect(Object.keys(list)).toEqual(['ort', 'tfjs']);
  expect(list.ort.worker).toBe(`${WORKERS}/ort.worker-aB_1.js`);
  expect(names('ort')).toEqual(['/assets/ort-9.wasm', '/chunks/x1.js', '/ort.worker-aB_1.js']);
  expect(names('tfjs')).toEqual([
    '/assets/ort-9.wasm',
    '/chunks/x1.js',
    '/chunks/y2.js',
    '/tfjs.worker-cD2.js',
  ]);
  const [wasm] = list.ort.files;
  expect(wasm?.bytes).toBe(contents['assets/ort-9.wasm'].length);
});

test('a build without workers is noticed', async () => {
  const client = temporaryFolder();
  mkdirSync(join(client, WORKERS), { recursive: true });
  await expect(writeEngineFiles(client)).rejects.toThrow('no engines');
});
