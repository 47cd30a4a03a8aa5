// One set-up at a time in a checkout, whatever happens to the process that holds the lock.
import { readFileSync, rmSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SetupError } from './setup-error.mjs';

// In the root, because `npm ci` empties node_modules.
const LOCK_NAME = '.setup.lock';
const POLL_MS = 200;
const HEARTBEAT_MS = 2000;
/** A holder that has not shown itself for this long is gone. */
const SILENCE_LIMIT_MS = 15_000;

/**
 * Runs `work` while holding the checkout's lock. Waits for another holder, saying so once through
 * `announce`; takes over from one that died. Throws a SetupError when the folder cannot be written.
 * @template T
 * @param {string} root
 * @param {(line: string) => void} announce
 * @param {() => Promise<T>} work
 * @param {{ silenceLimitMs?: number }} [limits] for tests
 * @returns {Promise<T>}
 */
export async function withLock(root, announce, work, { silenceLimitMs = SILENCE_LIMIT_MS } = {}) {
  const path = join(root, LOCK_NAME);
  await acquire(path, announce, silenceLimitMs);
  const release = () => rmSync(path, { force: true });
  // Holds for process.exit too; after a kill the next command finds that nobody is there.
  process.once('exit', release);
  const heartbeat = setInterval(() => touch(path), HEARTBEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    process.off('exit', release);
    release();
  }
}

/**
 * @param {string} path
 * @param {(line: string) => void} announce
 * @param {number} silenceLimitMs
 */
async function acquire(path, announce, silenceLimitMs) {
  let hasAnnounced = false;
  let seen = { sign: '', atMs: 0 };
  while (!tryToTake(path)) {
    const holder = readHolder(path);
    if (!holder) continue;
    if (holder.sign !== seen.sign) seen = { sign: holder.sign, atMs: performance.now() };
    if (hasDied(holder) || performance.now() - seen.atMs > silenceLimitMs) {
      breakLock(path, holder.text);
      continue;
    }
    if (!hasAnnounced) {
      const name = holder.pid === undefined ? '' : ` (process ${holder.pid})`;
      announce(`waiting for the set-up of another command${name} …`);
      hasAnnounced = true;
    }
    await sleep(POLL_MS);
  }
}

/** @param {string} path */
function tryToTake(path) {
  const text = JSON.stringify({ pid: process.pid, host: hostname(), at: Date.now() });
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') return false;
    throw new SetupError(
      `this folder cannot be written (${code}); check its permissions and the free disk space.`,
      { cause: error },
    );
  }
}

/**
 * Who holds the lock; `sign` changes as long as it lives. Null when it was released just now.
 * @param {string} path
 */
function readHolder(path) {
  try {
    const text = readFileSync(path, 'utf8');
    return { text, sign: `${text} ${statSync(path).mtimeMs}`, ...parseHolder(text) };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/**
 * Of a lock that is being written at this moment, nothing is known yet.
 * @param {string} text
 * @returns {{ pid?: number, host?: string }}
 */
function parseHolder(text) {
  try {
    return /** @type {{ pid: number, host: string }} */ (JSON.parse(text));
  } catch {
    return {};
  }
}

/**
 * Certain only on the same host; elsewhere its silence has to tell.
 * @param {{ pid?: number, host?: string }} holder
 */
function hasDied({ pid, host }) {
  if (pid === undefined || host !== hostname()) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return errorCode(error) === 'ESRCH';
  }
}

/**
 * Removes the lock if it is still the dead one's. Two commands may come here at once, and the slower
 * must not remove the lock that the faster has just taken: so breaking needs a lock of its own.
 * @param {string} path
 * @param {string} deadText
 */
function breakLock(path, deadText) {
  const guard = `${path}.break`;
  try {
    writeFileSync(guard, '', { flag: 'wx' });
  } catch {
    // Its holder works for a millisecond; one that was killed in it would block all others for ever.
    if (ageMs(guard) > SILENCE_LIMIT_MS) rmSync(guard, { force: true });
    return;
  }
  try {
    if (readFileSync(path, 'utf8') === deadText) unlinkSync(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  } finally {
    rmSync(guard, { force: true });
  }
}

/** @param {string} path */
function ageMs(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats ? Date.now() - stats.mtimeMs : 0;
}

/** @param {string} path */
function touch(path) {
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // Someone deleted the lock by hand: nothing to keep alive.
  }
}

/** @param {unknown} error */
function errorCode(error) {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
