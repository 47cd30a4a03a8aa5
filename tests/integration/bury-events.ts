// What tests of dead letters share: the command as a process, and dead letters without a server.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Broker } from '../../server/broker/broker.server.ts';
import { createEmbeddedBroker } from '../../server/broker/embedded-broker.server.ts';
import { openMessageQueue } from '../../server/broker/message-queue.server.ts';
import type { MetricEvent } from '../../src/lib/events/metric-event.ts';
import { silentLogger } from './silent-logger.ts';

const COMMAND = join(import.meta.dirname, '../../server/dead-letters/main.server.ts');
/** Longer than any back-off and any lease. */
const PAST_ANY_WAIT_MS = 61_000;

/** How the command ended, and what it said. */
export type Ran = { code: number | null; stdout: string; stderr: string };

/** Runs `npm run deadletters` with its data in `folder`. */
export async function deadletters(folder: string, ...args: string[]): Promise<Ran> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', COMMAND, ...args],
    {
      env: { PATH: process.env['PATH'], KINEMARK_DATA: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const ran: Ran = { code: null, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (ran.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (ran.stderr += text));
  [ran.code] = (await once(child, 'close')) as [number | null];
  return ran;
}

/** Makes dead letters of `events` in the queue of `folder`, which no server uses. */
export function bury(
  folder: string,
  events: readonly MetricEvent[],
  error = 'cannot be stored',
): void {
  let nowMs = Date.parse('2026-11-05T12:00:00.000Z');
  const path = join(folder, 'broker.sqlite');
  const queue = openMessageQueue({ path, leaseMs: 1, now: () => nowMs });
  queue.put(events);
  while (queue.depth() > 0) {
    queue.reject(queue.take(events.length), error);
    nowMs += PAST_ANY_WAIT_MS;
  }
  queue.close();
}

/** The queue of `folder`, closed when the test ends. */
export function openBroker(folder: string): Broker {
  const path = join(folder, 'broker.sqlite');
  const broker = createEmbeddedBroker({ path, logger: silentLogger });
  onTestFinished(() => broker.close());
  return broker;
}
