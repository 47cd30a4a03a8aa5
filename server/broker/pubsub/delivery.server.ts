// Hands the events that this process holds to a handler: together while they are new, alone once they have
// failed, in order within a run. Knows nothing of Pub/Sub; which events there are to choose from, and who comes
// next, is in held-events.server.ts.
import { setTimeout as sleepFor } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { MetricEvent } from '../../../src/lib/events/metric-event.ts';
import type { EventHandler } from '../broker.server.ts';
import { MAX_ATTEMPTS, MAX_BACK_OFF_MS, backOffMs, describeError } from '../attempts.server.ts';
import { createHeldEvents, type HeldEvent } from './held-events.server.ts';
import type { Death, HeldMessage } from './held-message.server.ts';

/** Deliveries at a time, of different runs, so that one which hangs does not hold up all others. */
const DELIVERIES_AT_ONCE = 4;

/** What a delivery works with; clock and sleep are for tests. */
export type DeliveryParts = {
  readonly handler: EventHandler;
  /** Keeps a message that was given up. Resolves when it is durable. */
  readonly bury: (message: HeldMessage, death: Death) => Promise<void>;
  readonly logger: Logger;
  /** Unix time in ms. */
  readonly now?: () => number;
  /** Resolves after `ms`; rejects when `signal` is aborted. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
};

/** A running delivery. */
export type Delivery = {
  /** Takes over a message that was read as `event`. It is settled some time. */
  add(message: HeldMessage, event: MetricEvent): void;
  /** Buries a message that is no event. It is settled some time. */
  refuse(message: HeldMessage, reason: string): void;
  /** Lets deliveries in progress end and gives back all else. Resolves when every message is settled. */
  stop(): Promise<void>;
};

/** Starts with nothing. */
export function createDelivery({
  handler,
  bury,
  logger,
  now = Date.now,
  sleep = async (ms, signal) => sleepFor(ms, undefined, { signal }),
}: DeliveryParts): Delivery {
  const held = createHeldEvents();
  const stopping = new AbortController();
  /** Deliveries, burials and rests in progress. */
  const running = new Set<Promise<void>>();
  let deliveries = 0;
  let isDue = false;

  function start(work: Promise<void>): void {
    const ended = work.finally(() => running.delete(ended));
    running.add(ended);
  }

  /** Later, so that messages which arrive together are seen together. */
  function deliverSoon(): void {
    if (isDue) return;
    isDue = true;
    setImmediate(() => {
      isDue = false;
      deliverAll();
    });
  }

  function deliverAll(): void {
    while (deliveries < DELIVERIES_AT_ONCE && !stopping.signal.aborted) {
      const batch = held.take();
      if (batch.length === 0) return;
      start(deliver(batch));
    }
  }

  async function deliver(batch: readonly HeldEvent[]): Promise<void> {
    deliveries += 1;
    try {
      await handler(batch.map(({ event }) => event));
      for (const one of batch) held.settle(one, true);
    } catch (error) {
      const attempts = (batch[0]?.attempts ?? 0) + 1;
      logger.warn({ err: error, events: batch.length, attempt: attempts }, 'delivery failed');
      for (const one of batch) start(afterFailure(one, describeError(error)));
    } finally {
      deliveries -= 1;
      deliverSoon();
    }
  }

  async function afterFailure(one: HeldEvent, error: string): Promise<void> {
    one.attempts += 1;
    if (one.attempts >= MAX_ATTEMPTS) {
      if (await isBuried(one.message, one.attempts, error)) held.settle(one, true);
      else held.giveBack(one);
    } else if (await hasRested(backOffMs(one.attempts))) held.wake(one);
    else held.giveBack(one);
    deliverSoon();
  }

  /** False when it cannot be buried, once it has rested: given back at once it would come back at once. */
  async function isBuried(message: HeldMessage, attempts: number, error: string): Promise<boolean> {
    try {
      await bury(message, { attempts, error, diedAt: new Date(now()).toISOString() });
      logger.error({ messageId: message.id, attempts, reason: error }, 'an event was put aside');
      return true;
    } catch (cause) {
      logger.error({ err: cause, messageId: message.id }, 'an event cannot be put aside');
      await hasRested(MAX_BACK_OFF_MS);
      return false;
    }
  }

  /** False when there is no time to rest. */
  async function hasRested(ms: number): Promise<boolean> {
    return sleep(ms, stopping.signal).then(
      () => !stopping.signal.aborted,
      () => false,
    );
  }

  return {
    add(message, event) {
      if (stopping.signal.aborted) {
        message.settle(false);
        return;
      }
      held.add(message, event);
      deliverSoon();
    },
    refuse(message, reason) {
      if (stopping.signal.aborted) {
        message.settle(false);
        return;
      }
      const burial = isBuried(message, 0, reason);
      start(burial.then((isTaken) => message.settle(isTaken)));
    },
    async stop() {
      stopping.abort();
      held.giveBackWaiting();
      while (running.size > 0) await Promise.all(running);
    },
  };
}
