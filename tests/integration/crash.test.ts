// SIGKILL in the middle of publishing and consuming: nothing acknowledged is lost, nothing counts
// twice.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createEmbeddedBroker } from '../../server/broker/embedded-broker.server.ts';
import { createSqliteStore } from '../../server/store/sqlite-store.server.ts';
import { startWorker } from '../../server/worker/worker.server.ts';
import { RUN_ID } from '../fixtures/events.ts';
import { silentLogger } from './silent-logger.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

const CHILD = join(import.meta.dirname, 'crash-child.ts');
/** Acknowledgements after which each of the processes is killed: early, and well under way. */
const KILL_AFTER = [1, 40, 200, 7];
/** Indexes that no two processes share. */
const INDEXES_PER_PROCESS = 1_000_000;
/** More than a lease: those of the killed processes have run out. */
const AFTER_ALL_LEASES_MS = 60_000;

/** Runs the child until it has acknowledged `count` events, kills it, and returns all of them. */
async function publishUntilKilled(folder: string, firstIndex: number, count: number) {
  const child = spawn(process.execPath, [CHILD, folder, String(firstIndex)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    if (output.split('\n').length > count) child.kill('SIGKILL');
  });
  const [, signal] = await once(child, 'close');
  expect(signal).toBe('SIGKILL');
  // A last line without its end was cut off, so its number cannot be trusted.
  return output.split('\n').slice(0, -1).map(Number);
}

test(
  'after kill -9 everything acknowledged is in the store, once',
  { timeout: 60_000 },
  async () => {
    const folder = temporaryFolder();
    const acknowledged: number[] = [];
    for (const [process, count] of KILL_AFTER.entries()) {
      acknowledged.push(
        ...(await publishUntilKilled(folder, process * INDEXES_PER_PROCESS, count)),
      );
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(248);

    const broker = createEmbeddedBroker({
      path: join(folder, 'broker.sqlite'),
      logger: silentLogger,
      now: () => Date.now() + AFTER_ALL_LEASES_MS,
    });
    const store = createSqliteStore(join(folder, 'store.sqlite'));
    onTestFinished(async () => {
      await broker.close();
      await store.close();
    });
    startWorker({ consumer: broker, writer: store, emit: () => undefined, logger: silentLogger });
    await vi.waitFor(async () => expect(await broker.depth()).toBe(0), { timeout: 20_000 });

    const stored = (await store.getRun(RUN_ID))?.windows.map((window) => window.index) ?? [];
    expect(new Set(stored).size).toBe(stored.length);
    const kept = new Set(stored);
    expect(acknowledged.filter((index) => !kept.has(index))).toEqual([]);
  },
);
