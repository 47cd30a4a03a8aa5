// What the service worker answers, and what it must leave alone.
import { expect, test } from 'vitest';
import { kindOfRequest } from '../../../src/lib/offline/request-kind.ts';

const ORIGIN = 'https://kinemark.test';
const SHELL = new Set(['/shell', '/icon.svg', '/clips/actor.mp4', '/_app/immutable/chunks/a.js']);

function kindOf(
  path: string,
  { method = 'GET', mode = 'cors', range = '', origin = ORIGIN } = {},
): string {
  const headers = new Headers(range ? { range } : {});
  return kindOfRequest({ method, mode, url: origin + path, headers }, SHELL, ORIGIN);
}

test.each(['/', '/?frames=70', '/runs', '/runs/5b0d', '/device', '/shell', '/nowhere'])(
  'a navigation to %s is a page',
  (path) => expect(kindOf(path, { mode: 'navigate' })).toBe('page'),
);

test.each([
  '/headless',
  '/metrics',
  '/healthz',
  '/models/blazepose-lite.task',
  '/clips/actor.mp4',
  '/runs/events',
  '/runs/5b0d/run.json',
  '/_app/version.json',
])('a navigation to %s is none', (path) =>
  expect(kindOf(path, { mode: 'navigate' })).toBe('untouched'),
);

test('kept files are answered, unless somebody wants another thing than the file', () => {
  expect(kindOf('/clips/actor.mp4')).toBe('shell');
  expect(kindOf('/_app/immutable/chunks/a.js')).toBe('shell');
  expect(kindOf('/clips/actor.mp4', { range: 'bytes=0-99' })).toBe('untouched');
  expect(kindOf('/clips/actor.mp4', { method: 'HEAD' })).toBe('untouched');
  expect(kindOf('/clips/actor.mp4?again')).toBe('untouched');
  expect(kindOf('/clips/actor.mp4', { origin: 'https://elsewhere.test' })).toBe('untouched');
});

test('parts of engines are kept when they are fetched', () => {
  expect(kindOf('/_app/immutable/workers/ort.worker-1.js')).toBe('runtime');
  expect(kindOf('/_app/immutable/workers/assets/ort-2.wasm')).toBe('runtime');
  expect(kindOf('/_app/immutable/workers/assets/ort-2.wasm', { range: 'bytes=9-' })).toBe(
    'untouched',
  );
});

test.each([
  ['/metrics', 'POST'],
  ['/metrics', 'GET'],
  ['/healthz', 'GET'],
  ['/runs/events', 'GET'],
  ['/runs/list.json', 'GET'],
  ['/models/remote/storage.googleapis.com/a.bin', 'GET'],
  ['/models/blazepose-lite.task', 'GET'],
  ['/_app/version.json', 'GET'],
  ['/_app/immutable/chunks/of-another-version.js', 'GET'],
])('%s by %s is left alone', (path, method) => expect(kindOf(path, { method })).toBe('untouched'));
