// The contract between what is measured and what is sent: events wait here until a server has them.
import type { MetricEvent } from './metric-event.ts';

/** An event that waits. `key` orders entries as they were written. */
export type OutboxEntry = { readonly key: number; readonly event: MetricEvent };

/** An entry that a server will never accept, and why, in the server's words. */
export type Rejection = { readonly key: number; readonly reason: string };

/** Durable, ordered and shared by the tabs of one device. Every method rejects when storage fails. */
export interface Outbox {
  /** The oldest entries that still wait, at most `limit`, without those whose keys are in `except`. */
  peek(limit: number, except?: ReadonlySet<number>): Promise<readonly OutboxEntry[]>;
  /** Forgets entries that a server has accepted. Keys that are gone already are no fault. */
  remove(keys: readonly number[]): Promise<void>;
  /** Sets entries aside, each with its reason. They are not lost. */
  reject(rejections: readonly Rejection[]): Promise<void>;
  /** How many entries wait. */
  count(): Promise<number>;
}
