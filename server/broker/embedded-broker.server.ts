// The default Broker: in this process, durable in one SQLite file, nothing to install.
// What makes it durable is in message-queue.server.ts; here are the loops that deliver.
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Broker, Consumer, EventHandler } from './broker.server.ts';
import type { DeadLetters } from './dead-letters.server.ts';
import { openMessageQueue, type Message } from './message-queue.server.ts';

/** Far longer than a write to the store takes, short enough that a crash delays nothing for long. */
const LEASE_MS = 10_000;
/** How often to look for leases that another process let run out. */
const POLL_MS = 1000;
/** Events per delivery: enough to share one transaction, few enough not to hold up a request. */
const DELIVERY_EVENTS = 64;

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

  async function deliver(messages: readonly Message[], handler: EventHandler): Promise<void> {
    try {
      await handler(messages.map((message) => message.event));
    } catch (error) {
      const deadLetters = queue.reject(messages, describe(error));
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
        if (await deliverDue(handler)) await yieldToEventLoop();
        else await alarm.sleep(idleMs(), heard);
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
    async publish(events) {
      queue.put(events);
      alarm.ring();
    },
    consume,
    async depth() {
      return queue.depth();
    },
    deadLetters: () => deadLetters,
    async close() {
      await Promise.all([...consumers].map((consumer) => consumer.stop()));
      queue.close();
    },
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
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
