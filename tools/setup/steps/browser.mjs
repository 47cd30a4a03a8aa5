// The step that provides a Chromium or Chrome, for the programs that drive one.
import { existsSync } from 'node:fs';
import { findBrowser } from '../find-browser.mjs';
import { findNode } from '../find-node.mjs';
import { runQuietly } from '../run-quietly.mjs';
import { SetupError, StoppedError } from '../setup-error.mjs';

const APT = '/usr/bin/apt-get';
const HINT = 'install Chromium or Chrome yourself and set KINEMARK_CHROMIUM to its path.';

/** @type {import('../set-up.mjs').Step} */
export const browser = {
  announcement: 'installing Chromium',
  check({ root, environment }) {
    const found = findBrowser(root, environment);
    if (!found) return null;
    return {
      environment: { KINEMARK_CHROMIUM: found.path },
      notice: `using ${found.version} (${found.path})`,
    };
  },
  async work(context) {
    if (existsSync(APT) && process.getuid?.() === 0) {
      await installFromDistribution(context);
      const done = this.check(context);
      if (done) return done;
    }
    await installFromPlaywright(context);
    const done = this.check(context);
    if (done) return done;
    throw new SetupError(`Playwright's Chromium does not run on this system; ${HINT}`);
  },
};

/**
 * Its failure is not the end: Ubuntu's package is a stub that needs snap, and there is Playwright's.
 * @param {import('../set-up.mjs').Context} context
 */
async function installFromDistribution({ root, environment }) {
  const task = {
    what: 'installing Chromium with apt-get',
    hint: 'trying another way.',
    program: APT,
    root,
    environment: { ...environment, DEBIAN_FRONTEND: 'noninteractive' },
  };
  try {
    await runQuietly({ ...task, args: ['update'] });
    await runQuietly({ ...task, args: ['install', '-y', '--no-install-recommends', 'chromium'] });
  } catch (error) {
    if (error instanceof StoppedError || !(error instanceof SetupError)) throw error;
  }
}

/** @param {import('../set-up.mjs').Context} context */
async function installFromPlaywright({ root, environment }) {
  await runQuietly({
    what: "installing Playwright's Chromium",
    hint: HINT,
    program: findNode(root),
    args: ['node_modules/playwright/cli.js', 'install', 'chromium'],
    root,
    environment,
  });
}
