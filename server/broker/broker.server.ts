// The contract between ingest and worker: events go in durably and come out at least once.
import type { MetricEvent } from '../../src/lib/events/metric-event.ts';
import type { DeadLetters } from './dead-letters.server.ts';

/**
 * Takes over a few events. They are acknowledged, all of them, when the promise resolves, and are
 * delivered again when it rejects. The same event can come twice: handlers are idempotent.
 */
export type EventHandler = (events: readonly MetricEvent[]) => Promise<void>;

/** A running subscription. */
export type Consumer = {
  /** Takes no more events and resolves when the delivery in progress has ended. */
  stop(): Promise<void>;
};

/** A durable queue of events, at least once, in order within a run as far as leases allow. */
export type Broker = {
  /** Resolves when all events are durable; rejects when none is. */
  publish(events: readonly MetricEvent[]): Promise<void>;
  /** Starts delivering to `handler`; several consumers share the work. */
  consume(handler: EventHandler): Consumer;
  /** Events published and not yet acknowledged; dead letters do not count. Cheap: asked at every request. */
  depth(): Promise<number>;
  /** The events that were put aside after too many failed deliveries. */
  deadLetters(): DeadLetters;
  /** Stops all consumers, then closes the queue. Nothing may be called afterwards. */
  close(): Promise<void>;
};
