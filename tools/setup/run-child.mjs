// Runs a program as if it were this one: it gets our signals and we end as it ended.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** A shell's way to say "ended by a signal". */
const SIGNAL_EXIT_BASE = 128;
/** npm repeats a signal that the whole process group has got already; a person is slower. */
const REPEAT_LIMIT_MS = 500;
const PARENT_CHECK_MS = 300;

/** @typedef {{ code: number | null, signal: NodeJS.Signals | null }} End */

/**
 * Resolves when the program has ended; rejects when it cannot be started.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @param {(text: string) => void} [onOutput] gets stdout and stderr, when these are piped
 * @returns {Promise<End>}
 */
export function runChild(program, args, options, onOutput) {
  const child = spawn(program, args, options);
  for (const stream of [child.stdout, child.stderr]) {
    if (onOutput) stream?.setEncoding('utf8').on('data', onOutput);
  }
  const stopForwarding = forwardSignals(child);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  }).finally(stopForwarding);
}

/**
 * The exit code that says how the program ended.
 * @param {End} end
 */
export function exitCodeOf({ code, signal }) {
  return code ?? SIGNAL_EXIT_BASE + (signal ? constants.signals[signal] : 0);
}

/** @param {import('node:child_process').ChildProcess} child */
function forwardSignals(child) {
  let lastMs = -Infinity;
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    // A terminal sends Ctrl+C to the child as well, and a second one means "at once".
    if (signal === 'SIGINT' && process.stdin.isTTY) return;
    if (performance.now() - lastMs < REPEAT_LIMIT_MS) return;
    lastMs = performance.now();
    child.kill(signal);
  };
  /** @type {readonly NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, forward);
  const stopWatching = whenAbandoned(() => child.kill('SIGTERM'));
  return () => {
    stopWatching();
    for (const signal of signals) process.off(signal, forward);
  };
}

/**
 * npm passes a signal to its shell only. Some shells die of it without a word to us, and would leave a
 * server behind that nobody can reach. Without npm, a parent that has gone may be meant.
 * @param {() => void} onAbandoned
 */
function whenAbandoned(onAbandoned) {
  if (!process.env['npm_lifecycle_event']) return () => undefined;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    onAbandoned();
  }, PARENT_CHECK_MS);
  return () => {
    clearInterval(watch);
  };
}
