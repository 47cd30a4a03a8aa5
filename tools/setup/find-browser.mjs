// Looks for a Chromium or Chrome that runs: the one asked for, an installed one, Playwright's own.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { SetupError } from './setup-error.mjs';

/** @typedef {{ path: string, version: string }} Browser */

const NAMES_ON_PATH = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_PROGRAMS = [
  'Chromium.app/Contents/MacOS/Chromium',
  'Google Chrome.app/Contents/MacOS/Google Chrome',
];
const WINDOWS_PROGRAM = 'Google\\Chrome\\Application\\chrome.exe';
/** A first start from a cold disk is slow. */
const ANSWER_LIMIT_MS = 20_000;

/**
 * The browser to use, or null when none is there. Throws a SetupError when the one that
 * KINEMARK_CHROMIUM names does not run.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Browser | null}
 */
export function findBrowser(root, environment) {
  const chosen = environment['KINEMARK_CHROMIUM'];
  if (chosen) {
    const browser = probe(chosen);
    if (browser) return browser;
    throw new SetupError(
      `KINEMARK_CHROMIUM is ${chosen}, which does not run as a browser; set it to a Chromium or Chrome, or unset it.`,
    );
  }
  for (const path of installedPlaces(environment)) {
    const browser = probe(path);
    if (browser) return browser;
  }
  const ownPath = playwrightBrowserPath(root);
  return ownPath === null ? null : probe(ownPath);
}

/** @param {NodeJS.ProcessEnv} environment */
function installedPlaces(environment) {
  if (process.platform === 'win32') {
    return ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].flatMap((name) => {
      const folder = environment[name];
      return folder ? [join(folder, WINDOWS_PROGRAM)] : [];
    });
  }
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = NAMES_ON_PATH.flatMap((name) => folders.map((folder) => join(folder, name)));
  if (process.platform !== 'darwin') return onPath;
  const applications = ['/Applications', join(environment['HOME'] ?? '', 'Applications')];
  const inApplications = MAC_PROGRAMS.flatMap((name) =>
    applications.map((each) => join(each, name)),
  );
  return [...onPath, ...inApplications];
}

/**
 * Asks a program for its version, which also tells a stub from a browser (Ubuntu has one that asks for
 * snap). Null when it is not there or does not run.
 * @param {string} path
 * @returns {Browser | null}
 */
function probe(path) {
  if (!existsSync(path)) return null;
  // On Windows the question would open a window.
  if (process.platform === 'win32') return { path, version: 'Chromium or Chrome' };
  const { status, stdout } = spawnSync(path, ['--version'], {
    encoding: 'utf8',
    timeout: ANSWER_LIMIT_MS,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const version = /^(?:Google )?Chrom(?:e|ium)[^\d\n]*[\d.]+/m.exec(stdout ?? '')?.[0];
  return status === 0 && version ? { path, version } : null;
}

/**
 * Where Playwright keeps the browser that belongs to it; null before it is installed as a package.
 * @param {string} root
 */
function playwrightBrowserPath(root) {
  try {
    const require = createRequire(join(root, 'package.json'));
    return /** @type {typeof import('playwright')} */ (
      require('playwright')
    ).chromium.executablePath();
  } catch {
    return null;
  }
}
