// The contract between ingest and worker: events go in durably and come out at least once. In parts, because
// a role holds those that it needs and no other.
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

/** The end of a queue that ingest holds. */
export type EventPublisher = {
  /**
   * Resolves when all events are durable. Rejects when that is not known of all of them: some may be durable
   * then, and whoever publishes them again makes a repeat, which handlers bear.
   */
  publish(events: readonly MetricEvent[]): Promise<void>;
  /**
   * Events published and not yet acknowledged; dead letters do not count. Cheap: asked at every request. Null
   * where the queue does not tell.
   */
  depth(): Promise<number | null>;
};

/** The end of a queue that the worker holds. */
export type EventConsumer = {
  /** Starts delivering to `handler`; several consumers share the work. */
  consume(handler: EventHandler): Consumer;
};

/** A durable queue of events in this process, at least once, in order within a run as far as leases allow. */
export interface Broker extends EventPublisher, EventConsumer {
  /** The queue is a file: it always tells. */
  depth(): Promise<number>;
  /** The events that were put aside after too many failed deliveries. */
  deadLetters(): DeadLetters;
  /** Stops all consumers, then closes the queue. Nothing may be called afterwards. */
  close(): Promise<void>;
}
