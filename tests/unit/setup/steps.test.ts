// The steps that build models and application, with small programs in the place of forge and Vite.
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { build } from '../../../tools/setup/steps/build.mjs';
import { models } from '../../../tools/setup/steps/models.mjs';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
beforeEach(() => {
  printed.mockClear();
});

const WORKING_FORGE = `
  import { writeFileSync } from 'node:fs';
  const files = [{ path: 'lite.task', bytes: 4 }];
  writeFileSync('static/models/lite.task', 'lite');
  writeFileSync('static/models/manifest.json', JSON.stringify({ models: [{ files }] }));
`;
const WORKING_VITE = `
  import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
  const folder = process.env.KINEMARK_BUILD_FOLDER;
  mkdirSync(folder, { recursive: true });
  cpSync('src/app.ts', folder + '/handler.js');
  writeFileSync('.svelte-kit/tsconfig.json', '{}');
`;
/** Leaves half its output behind. */
const FAILING_VITE = `
  import { mkdirSync, writeFileSync } from 'node:fs';
  mkdirSync(process.env.KINEMARK_BUILD_FOLDER, { recursive: true });
  for (let line = 1; line <= 40; line++) console.log('line ' + line);
  process.exitCode = 3;
`;

function write(root: string, path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

/** A checkout with a space in its path. */
function project({ forge = WORKING_FORGE, vite = WORKING_VITE } = {}) {
  const root = join(temporaryFolder(), 'my projects');
  write(root, 'tools/forge/main.ts', forge);
  write(root, 'node_modules/vite/package.json', '{"type":"module"}');
  write(root, 'node_modules/vite/bin/vite.js', vite);
  write(root, 'static/models/.gitkeep', '');
  write(root, 'src/app.ts', 'first');
  write(root, 'package-lock.json', '{}');
  mkdirSync(join(root, 'node_modules/.bin'));
  symlinkSync(process.execPath, join(root, 'node_modules/.bin/node'));
  return { root, environment: process.env };
}

describe('the models', () => {
  test('are built once', async () => {
    const context = project();
    expect(models.check(context)).toBeNull();
    await models.work(context);
    expect(models.check(context)).toEqual({});
    expect(printed).not.toHaveBeenCalled();
  });

  test.each<[string, (root: string) => void]>([
    ['the forge has changed', (root) => write(root, 'tools/forge/zip.ts', '')],
    ['the dependencies have changed', (root) => write(root, 'package-lock.json', '{ }')],
    ['a file is cut short', (root) => write(root, 'static/models/lite.task', 'li')],
    ['a file is gone', (root) => rmSync(join(root, 'static/models/lite.task'))],
    ['the manifest is damaged', (root) => write(root, 'static/models/manifest.json', '{')],
  ])('are built again when %s', async (_, edit) => {
    const context = project();
    await models.work(context);
    edit(context.root);
    expect(models.check(context)).toBeNull();
  });

  test('are not done when the forge fails, and it is said what failed', async () => {
    const context = project({ forge: 'throw new Error("ENOSPC: no space left on device")' });
    await expect(models.work(context)).rejects.toThrow(
      'building the models failed because the disk is full; free some space and try again.',
    );
    expect(models.check(context)).toBeNull();
  });
});

describe('the application', () => {
  test('is built once, and the weights do not count', async () => {
    const context = project();
    expect(build.check(context)).toBeNull();
    await build.work(context);
    expect(build.check(context)).toEqual({});
    write(context.root, 'static/models/lite.task', 'other');
    expect(build.check(context)).toEqual({});
  });

  test.each<[string, (root: string) => void]>([
    ['the source has changed', (root) => write(root, 'src/app.ts', 'second')],
    [
      'the server, which endpoints import, has changed',
      (root) => write(root, 'server/models/relay.server.ts', ''),
    ],
    ['the adapter has changed', (root) => write(root, 'tools/build/adapter.js', '')],
    ['what is replaced in the bundle has changed', (root) => write(root, 'tools/bundle/a.ts', '')],
    ['the version has changed', (root) => write(root, 'package.json', '{"version":"2.0.0"}')],
    ['a model has changed', (root) => write(root, 'static/models/manifest.json', '{}')],
    ['its output is gone', (root) => rmSync(join(root, 'build'), { recursive: true })],
  ])('is built again when %s', async (_, edit) => {
    const context = project();
    await build.work(context);
    edit(context.root);
    expect(build.check(context)).toBeNull();
    await build.work(context);
    expect(build.check(context)).toEqual({});
  });

  test('that fails to build leaves the last one, no stamp, and a sentence below the last lines', async () => {
    const context = project();
    await build.work(context);
    write(context.root, 'node_modules/vite/bin/vite.js', FAILING_VITE);
    write(context.root, 'src/app.ts', 'second');
    await expect(build.work(context)).rejects.toThrow(
      'building the application failed with exit code 3; the lines above say why; npm run build repeats it.',
    );
    expect(printed).toHaveBeenCalledExactlyOnceWith(
      Array.from({ length: 30 }, (_, index) => `line ${index + 11}`).join('\n'),
    );
    expect(readFileSync(join(context.root, 'build/handler.js'), 'utf8')).toBe('first');
    expect(build.check(context)).toBeNull();
  });

  test('is swapped in whole: nothing of an older one is left', async () => {
    const context = project();
    write(context.root, 'build/old.js', '');
    await build.work(context);
    expect(existsSync(join(context.root, 'build/old.js'))).toBe(false);
  });
});
