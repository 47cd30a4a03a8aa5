// SIGKILL at any moment of a server that takes batches over HTTP and stores them: before a given SQL statement,
// the start's and those inside transactions included, and at moments of the clock. Devices send again what was
// not acknowledged. In the end everything is stored once, in order within a run.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openQueue } from '../../server/dead-letters/open-queue.server.ts';
import { createSeededRandom } from '../../src/lib/metrics/seeded-random.ts';
import { OTHER_RUN_ID, RUN_ID, windowEvent } from '../fixtures/events.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { startServer, tryToStartServer, type ServerProcess } from './server-process.ts';
import { readFirstWrites } from './write-log.ts';

const SEEDS = [1, 2, 3];
const KILLS_PER_SEED = 10;
/** A first start takes some 15 statements, a later one 2, a batch and its delivery some 15 and 5 for each event. */
const MAX_STATEMENT = 400;
const MAX_MOMENT_MS = 150;
/** Short, so that the leases of one process run out under the next one. */
const LEASE_MS = 100;
const MAX_BATCH = 12;

type Device = {
  readonly runId: string;
  /** Index of its first window without an acknowledgement. */
  next: number;
  /** One past the last window it has ever sent. */
  sent: number;
};

type Random = () => number;

/** Sends window after window, each batch until it is acknowledged; ends when the server does not answer. */
async function send(server: ServerProcess, device: Device, random: Random): Promise<void> {
  for (;;) {
    const count = 1 + Math.floor(random() * MAX_BATCH);
    const { runId, next } = device;
    const events = Array.from({ length: count }, (_, i) => windowEvent(next + i, { runId }));
    device.sent = Math.max(device.sent, next + count);
    const response = await server.post(events).catch(() => null);
    if (response === null) return;
    expect(response.status).toBe(202);
    device.next = next + count;
  }
}

/** One process from its start to its end by SIGKILL. */
async function runUntilKilled(folder: string, devices: readonly Device[], random: Random) {
  const byStatement = random() < 0.7;
  const killAt = random();
  const server = await tryToStartServer({
    folder,
    leaseMs: LEASE_MS,
    // Squared, so that starts and first deliveries are hit as well.
    ...(byStatement && { killAtStatement: 1 + Math.floor(killAt ** 2 * MAX_STATEMENT) }),
  });
  if (server === null) return; // Killed while it started.
  const sending = Promise.all(devices.map((device) => send(server, device, random)));
  if (!byStatement) {
    await sleep(killAt * MAX_MOMENT_MS);
    await server.end('SIGKILL');
  }
  await sending;
  await server.end('SIGKILL'); // Where a connection broke by itself.
}

/** An event in whose delivery five of the kills fell is put aside: kept, but not stored by itself. */
async function replayDeadLetters(folder: string): Promise<readonly string[]> {
  const queue = openQueue(folder);
  const letters = await queue.deadLetters.list({ limit: 1000 });
  await queue.deadLetters.replay('all');
  await queue.close();
  return letters.map(({ eventId }) => eventId);
}

test.each(SEEDS)(
  'killed again and again (seed %i), the server loses nothing and stores nothing twice',
  { timeout: 180_000 },
  async (seed) => {
    const folder = temporaryFolder();
    const random = createSeededRandom(seed);
    const devices: readonly Device[] = [RUN_ID, OTHER_RUN_ID].map((runId) => {
      return { runId, next: 0, sent: 0 };
    });
    for (let kill = 0; kill < KILLS_PER_SEED; kill++) await runUntilKilled(folder, devices, random);

    const server = await startServer({ folder, leaseMs: LEASE_MS });
    await server.drained();
    const deadIds = await replayDeadLetters(folder);
    await server.drained();
    for (const { runId, next, sent } of devices) {
      expect(next, 'nothing was acknowledged').toBeGreaterThan(0);
      const stored = (await server.run(runId))?.windows.map(({ index }) => index) ?? [];
      // Everything acknowledged, perhaps what was in flight at the end, and no gap or repetition in it.
      expect(stored).toEqual(Array.from({ length: stored.length }, (_, index) => index));
      expect(stored.length).toBeGreaterThanOrEqual(next);
      expect(stored.length).toBeLessThanOrEqual(sent);
    }
    expect(await server.health()).toMatchObject({ queueDepth: 0, deadLetters: 0 });
    await server.end('SIGTERM');

    const firstWrites = readFirstWrites(folder);
    for (const { runId } of devices) {
      const sequences = firstWrites
        .filter((id) => id.startsWith(runId) && !deadIds.includes(id))
        .map((id) => Number(id.split('/')[1]));
      expect(sequences).toEqual(sequences.toSorted((a, b) => a - b));
    }
  },
);
