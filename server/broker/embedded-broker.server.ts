// The default Broker: in this process, durable in one SQLite file, nothing to install.
// What makes it durable is in message-queue.server.ts; here are the loops that deliver.
import { setImmediate as yieldToEventLoop, setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { describeError } from './attempts.server.ts';
import type { Broker, Consumer, EventHandler } from './broker.server.ts';
import type { DeadLetters } from './dead-letters.server.ts';
import { createGroupCommit } from './group-commit.server.ts';
import { openMessageQueue, type Message } from './message-queue.server.ts';

/** Far longer than a write to the store takes, short enough that a crash delays nothing for long. */
const LEASE_MS = 10_000;
/** How often to look for leases that another process let run out. */
const POLL_MS = 1000;
/** Events per delivery: enough to share three transactions, few enough not to hold up a request. */
const DELIVERY_EVENTS = 256;
/** Who publishes goes first, as somebody waits for the answer: no delivery begins within this time of a publish, */
const QUIET_MS = 5;
/** but none is put off by more than as many times what the one before it took, so that deliveries go on. */
const MAX_DEFERRAL = 9;

/** Where the broker keeps its events; the rest is for tests. */
export type EmbeddedBrokerOptions = {
  /** The database file; its folder exists. */
  readonly path: string;
  readonly logger: Logger;
  /** Unix time in ms. */
  readonly now?: () => number;
  readonly leaseMs?: number;
  readonly pollMs?: number;
};

/** Opens or creates a broker. Throws as `openDatabase` does. */
export function createEmbeddedBroker({
  path,
  logger,
  now = Date.now,
  leaseMs = LEASE_MS,
  pollMs = POLL_MS,
}: EmbeddedBrokerOptions): Broker {
  const queue = openMessageQueue({ path, leaseMs, now });
  const alarm = createAlarm();
  const consumers = new Set<Consumer>();
  /** By the process's own clock, which does not jump. */
  let publishedAtMs = -Infinity;
  const commits = createGroupCommit((events) => {
    queue.put(events);
    publishedAtMs = performance.now();
    alarm.ring();
  });

  async function letPublishersGoFirst(atMostMs: number): Promise<void> {
    const deadlineMs = performance.now() + atMostMs;
    for (;;) {
      const nowMs = performance.now();
      if (nowMs >= deadlineMs || nowMs - publishedAtMs >= QUIET_MS) return;
      await sleep(QUIET_MS);
    }
  }

  async function deliver(messages: readonly Message[], handler: EventHandler): Promise<void> {
    try {
      await handler(messages.map((message) => message.event));
    } catch (error) {
      const deadLetters = queue.reject(messages, describeError(error));
      const attempt = messages[0]?.attempt;
      logger.warn({ err: error, events: messages.length, attempt }, 'delivery failed');
      if (deadLetters > 0) logger.error({ deadLetters }, 'events were put aside as dead letters');
      return;
    }
    queue.acknowledge(messages);
  }

  /** One round; false when nothing was due. A broken queue is logged and tried again later. */
  async function deliverDue(handler: EventHandler): Promise<boolean> {
    try {
      const messages = queue.take(DELIVERY_EVENTS);
      if (messages.length === 0) return false;
      await deliver(messages, handler);
      return true;
    } catch (error) {
      logger.error({ err: error }, 'the queue cannot be read or written');
      return false;
    }
  }

  function idleMs(): number {
    try {
      const dueAt = queue.nextDueAt();
      return dueAt === null ? pollMs : Math.min(pollMs, Math.max(1, dueAt - now()));
    } catch {
      return pollMs; // Its cause was logged by the round before.
    }
  }

  function consume(handler: EventHandler): Consumer {
    let stopping = false;

    async function run(): Promise<void> {
      while (!stopping) {
        const heard = alarm.rings();
        const startedAtMs = performance.now();
        if (await deliverDue(handler)) {
          await yieldToEventLoop();
          await letPublishersGoFirst(MAX_DEFERRAL * (performance.now() - startedAtMs));
        } else await alarm.sleep(idleMs(), heard);
      }
    }

    const running = run();
    const consumer: Consumer = {
      async stop() {
        stopping = true;
        alarm.ring();
        await running;
        consumers.delete(consumer);
      },
    };
    consumers.add(consumer);
    return consumer;
  }

  const box = queue.deadLetters;
  const deadLetters: DeadLetters = {
    count: async () => box.count(),
    list: async ({ limit }) => box.list(limit),
    get: async (id) => box.get(id),
    async replay(choice) {
      const change = box.replay(choice);
      alarm.ring(); // Consumers in other processes see it at their next poll.
      return change;
    },
    drop: async (choice) => box.drop(choice),
  };

  return {
    publish: (events) => commits.put(events),
    consume,
    async depth() {
      return commits.waiting() + queue.depth();
    },
    deadLetters: () => deadLetters,
    async close() {
      commits.flush();
      await Promise.all([...consumers].map((consumer) => consumer.stop()));
      queue.close();
    },
  };
}

type Alarm = {
  /** How often it rang. */
  rings(): number;
  /** Ends after `durationMs` or at the next ring; at once when it rang since it stood at `heard`. */
  sleep(durationMs: number, heard: number): Promise<void>;
  ring(): void;
};

function createAlarm(): Alarm {
  const sleepers = new Set<() => void>();
  let rings = 0;
  return {
    rings: () => rings,
    async sleep(durationMs, heard) {
      if (heard !== rings) return;
      await new Promise<void>((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          sleepers.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, durationMs);
        sleepers.add(wake);
      });
    },
    ring() {
      rings += 1;
      for (const wake of [...sleepers]) wake();
    },
  };
}
