// The lock between commands: with other processes, living and dead.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { withLock } from '../../../tools/setup/lock.mjs';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const LOCK_MODULE = pathToFileURL(join(import.meta.dirname, '../../../tools/setup/lock.mjs')).href;
const quiet = () => undefined;

function leaveLock(root: string, { pid = process.pid, host = hostname() } = {}): void {
  writeFileSync(join(root, '.setup.lock'), JSON.stringify({ pid, host, at: 0 }));
}

/** The id of a process that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ['--version']).pid;
}

test('the lock is there during the work only, and its result comes back', async () => {
  const root = temporaryFolder();
  const result = await withLock(root, quiet, () => {
    expect(existsSync(join(root, '.setup.lock'))).toBe(true);
    return Promise.resolve(42);
  });
  expect(result).toBe(42);
  expect(readdirSync(root)).toEqual([]);
});

test('work that fails frees it', async () => {
  const root = temporaryFolder();
  const work = () => Promise.reject(new Error('no disk'));
  await expect(withLock(root, quiet, work)).rejects.toThrow('no disk');
  expect(readdirSync(root)).toEqual([]);
});

test('a second command says once that it waits, and goes on when the first is done', async () => {
  const root = temporaryFolder();
  const events: string[] = [];
  const first = Promise.withResolvers<undefined>();
  const firstDone = withLock(root, quiet, () => first.promise.then(() => events.push('first')));
  const secondDone = withLock(
    root,
    (line) => events.push(line),
    () => Promise.resolve(events.push('second')),
  );
  await new Promise((resolve) => setTimeout(resolve, 500));
  first.resolve(undefined);
  await Promise.all([firstDone, secondDone]);
  expect(events).toEqual([
    `waiting for the set-up of another command (process ${process.pid}) …`,
    'first',
    'second',
  ]);
});

test('the lock of a dead process is taken over without a word', async () => {
  const root = temporaryFolder();
  leaveLock(root, { pid: deadPid() });
  const lines: string[] = [];
  await withLock(
    root,
    (line) => lines.push(line),
    () => Promise.resolve(),
  );
  expect(lines).toEqual([]);
  expect(readdirSync(root)).toEqual([]);
});

test('a holder elsewhere that stays silent is taken for dead, also when its id lives here', async () => {
  const root = temporaryFolder();
  leaveLock(root, { host: 'another-host' });
  let hasRun = false;
  const work = () => Promise.resolve((hasRun = true));
  await withLock(root, quiet, work, { silenceLimitMs: 300 });
  expect(hasRun).toBe(true);
});

test('half a lock, left by a process that was killed in writing it, is taken over', async () => {
  const root = temporaryFolder();
  writeFileSync(join(root, '.setup.lock'), '{"pid":');
  const result = await withLock(root, quiet, () => Promise.resolve(42), { silenceLimitMs: 300 });
  expect(result).toBe(42);
});

test('of many processes that find a dead lock, one works at a time', async () => {
  const root = temporaryFolder();
  leaveLock(root, { pid: deadPid() });
  const program = `
    import { appendFileSync } from 'node:fs';
    import { setTimeout as sleep } from 'node:timers/promises';
    import { withLock } from ${JSON.stringify(LOCK_MODULE)};
    await withLock('.', () => {}, async () => {
      appendFileSync('log', 'begin ');
      await sleep(30);
      appendFileSync('log', 'end ');
    });
  `;
  const children = Array.from({ length: 5 }, () =>
    spawn(process.execPath, ['--input-type=module', '--eval', program], { cwd: root }),
  );
  await Promise.all(children.map((child) => once(child, 'close')));
  expect(readFileSync(join(root, 'log'), 'utf8')).toBe('begin end '.repeat(5));
  expect(readdirSync(root)).toEqual(['log']);
});
