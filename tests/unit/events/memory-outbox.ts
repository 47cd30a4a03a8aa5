// An outbox in memory that can be told to fail, and what was set aside in it.
import type { MetricEvent } from '../../../src/lib/events/metric-event.ts';
import type { Outbox, OutboxEntry, Rejection } from '../../../src/lib/events/outbox.ts';

export class MemoryOutbox implements Outbox {
  entries: OutboxEntry[] = [];
  readonly rejected: (Rejection & { readonly event: MetricEvent })[] = [];
  /** Called before each step; what it throws is the step's failure, and what it awaits takes that long. */
  beforeStep: (step: 'peek' | 'remove' | 'reject') => unknown = () => undefined;
  #nextKey = 1;

  add(...events: readonly MetricEvent[]): void {
    for (const event of events) this.entries.push({ key: this.#nextKey++, event });
  }

  /** Reads at once and tells later, as a transaction of its own may. */
  async peek(limit: number, except: ReadonlySet<number> = new Set()) {
    const found = this.entries.filter(({ key }) => !except.has(key)).slice(0, limit);
    await this.beforeStep('peek');
    return found;
  }

  async remove(keys: readonly number[]): Promise<void> {
    await this.beforeStep('remove');
    this.entries = this.entries.filter(({ key }) => !keys.includes(key));
  }

  async reject(rejections: readonly Rejection[]): Promise<void> {
    await this.beforeStep('reject');
    for (const { key, reason } of rejections) {
      const entry = this.entries.find((it) => it.key === key);
      if (entry) this.rejected.push({ key, reason, event: entry.event });
      this.entries = this.entries.filter((it) => it !== entry);
    }
  }

  async count(): Promise<number> {
    return this.entries.length;
  }

  get ids(): readonly string[] {
    return this.entries.map(({ event }) => event.id);
  }
}
