// Which browser is used, with small programs in the place of real ones.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findBrowser } from '../../../tools/setup/find-browser.mjs';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const STUB_OF_UBUNTU = '#!/bin/sh\necho "requires the chromium snap to be installed" >&2\nexit 1\n';

/** A program that answers `--version`; returns its path. */
function install(folder: string, name: string, script: string): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  return path;
}

function answering(version: string): string {
  return `#!/bin/sh\necho "${version} built on Debian"\n`;
}

// On Windows a program is no shell script, and its version is not asked for.
describe.skipIf(process.platform === 'win32')('the browser', () => {
  test('that KINEMARK_CHROMIUM names comes first', () => {
    const root = temporaryFolder();
    install(join(root, 'bin'), 'chromium', answering('Chromium 156.0.1'));
    const chosen = install(join(root, 'my own'), 'chrome', answering('Google Chrome 155.0.2'));
    const environment = { PATH: join(root, 'bin'), KINEMARK_CHROMIUM: chosen };
    expect(findBrowser(root, environment)).toEqual({
      path: chosen,
      version: 'Google Chrome 155.0.2',
    });
  });

  test('that it names must run', () => {
    const root = temporaryFolder();
    install(join(root, 'bin'), 'chromium', answering('Chromium 156.0.1'));
    for (const chosen of [join(root, 'nothing'), install(root, 'stub', STUB_OF_UBUNTU)]) {
      const environment = { PATH: join(root, 'bin'), KINEMARK_CHROMIUM: chosen };
      expect(() => findBrowser(root, environment)).toThrow(
        `KINEMARK_CHROMIUM is ${chosen}, which does not run as a browser; set it to a Chromium or Chrome, or unset it.`,
      );
    }
  });

  test('on the PATH: Chromium before Chrome, wherever each is', () => {
    const root = temporaryFolder();
    install(join(root, 'first'), 'google-chrome', answering('Google Chrome 155.0.2'));
    const path = install(join(root, 'second'), 'chromium', answering('Chromium 156.0.1'));
    const environment = { PATH: [join(root, 'first'), join(root, 'second')].join(delimiter) };
    expect(findBrowser(root, environment)).toEqual({ path, version: 'Chromium 156.0.1' });
  });

  test('is not a stub that only tells how to get one', () => {
    const root = temporaryFolder();
    install(join(root, 'bin'), 'chromium-browser', STUB_OF_UBUNTU);
    const path = install(join(root, 'bin'), 'google-chrome', answering('Google Chrome 155.0.2'));
    expect(findBrowser(root, { PATH: join(root, 'bin') })?.path).toBe(path);
  });

  test("is Playwright's own when no other is there", () => {
    const root = temporaryFolder();
    const path = install(join(root, 'cache'), 'chrome', answering('Chromium 157.0.3'));
    const playwright = `exports.chromium = { executablePath: () => ${JSON.stringify(path)} };`;
    install(join(root, 'node_modules/playwright'), 'index.js', playwright);
    expect(findBrowser(root, { PATH: '' })?.path).toBe(path);
  });

  test.skipIf(process.platform === 'darwin')('is none where there is none', () => {
    expect(findBrowser(temporaryFolder(), { PATH: '' })).toBeNull();
  });
});
