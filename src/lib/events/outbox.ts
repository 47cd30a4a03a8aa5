// The contract between what is measured and what is sent: events wait here until a server has them.
import type { MetricEvent } from './metric-event.ts';

/** An event that waits. `key` orders entries as they were written. */
export type OutboxEntry = { readonly key: number; readonly event: MetricEvent };

/** Durable, ordered and shared by the tabs of one device. */
export interface Outbox {
  /** The oldest entries that still wait, at most `limit`. */
  peek(limit: number): Promise<readonly OutboxEntry[]>;
  /** Forgets entries that a server has accepted. */
  remove(keys: readonly number[]): Promise<void>;
  /** Sets entries aside that a server will never accept, with its reason. They are not lost. */
  reject(keys: readonly number[], reason: string): Promise<void>;
}
