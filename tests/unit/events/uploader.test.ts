import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { firstBatch } from '../../../src/lib/events/first-batch.ts';
import { MAX_BATCH_BYTES, MAX_BATCH_EVENTS } from '../../../src/lib/events/parse-batch.ts';
import type { MetricEvent } from '../../../src/lib/events/metric-event.ts';
import type { Outbox, OutboxEntry } from '../../../src/lib/events/outbox.ts';
import type { SendOutcome } from '../../../src/lib/events/send-batch.ts';
import { createUploader } from '../../../src/lib/events/uploader.ts';
import { windowEvent } from '../../fixtures/events.ts';

/** An outbox in memory. */
class MemoryOutbox implements Outbox {
  entries: OutboxEntry[] = [];
  rejected: { key: number; reason: string }[] = [];
  #nextKey = 1;

  add(...events: MetricEvent[]): void {
    for (const event of events) this.entries.push({ key: this.#nextKey++, event });
  }
  async peek(limit: number): Promise<readonly OutboxEntry[]> {
    return this.entries.slice(0, limit);
  }
  async remove(keys: readonly number[]): Promise<void> {
    this.entries = this.entries.filter(({ key }) => !keys.includes(key));
  }
  async reject(keys: readonly number[], reason: string): Promise<void> {
    await this.remove(keys);
    this.rejected.push(...keys.map((key) => ({ key, reason })));
  }
}

/** A server that gives these answers, then accepts everything. */
function serverOf(...answers: SendOutcome[]) {
  const batches: string[][] = [];
  return {
    batches,
    send: async (events: readonly MetricEvent[]): Promise<SendOutcome> => {
      batches.push(events.map(({ id }) => id));
      return answers.shift() ?? { kind: 'accepted' };
    },
  };
}

const retry: SendOutcome = { kind: 'retry', reason: 'the server did not answer' };
const someEvents = [windowEvent(0), windowEvent(1), windowEvent(2)];
const someIds = someEvents.map(({ id }) => id);

describe('the uploader', () => {
  let outbox: MemoryOutbox;
  beforeEach(() => {
    vi.useFakeTimers();
    outbox = new MemoryOutbox();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('sends what waits, in order, and forgets it once accepted', async () => {
    const server = serverOf();
    outbox.add(...someEvents);
    await createUploader({ outbox, send: server.send }).flush();
    expect(server.batches).toEqual([someIds]);
    expect(outbox.entries).toEqual([]);
  });

  it('keeps everything while the server is away, and tries again later and later', async () => {
    const server = serverOf(retry, retry, retry);
    outbox.add(...someEvents);
    const uploader = createUploader({ outbox, send: server.send, random: () => 0.999 });
    await uploader.flush();
    expect(outbox.entries).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(500);
    expect(server.batches).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(900);
    expect(server.batches).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(100);
    expect(server.batches).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(2000);
    expect(server.batches).toEqual([someIds, someIds, someIds, someIds]);
    expect(outbox.entries).toEqual([]);
  });

  it('sets aside what the server refuses for good, and goes on', async () => {
    const server = serverOf({ kind: 'rejected', reason: 'HTTP 400: data.frames' });
    outbox.add(...someEvents);
    const uploader = createUploader({ outbox, send: server.send });
    await uploader.flush();
    expect(outbox.rejected.map(({ reason }) => reason)).toEqual(
      Array(3).fill('HTTP 400: data.frames'),
    );
    outbox.add(windowEvent(3));
    await uploader.flush();
    expect(outbox.entries).toEqual([]);
    expect(outbox.rejected).toHaveLength(3);
  });

  it('sends an event that arrives while a batch is under way, without a second pass beside it', async () => {
    const batches: string[][] = [];
    let open = 0;
    const uploader = createUploader({
      outbox,
      async send(events) {
        open += 1;
        expect(open).toBe(1);
        batches.push(events.map(({ id }) => id));
        if (batches.length === 1) {
          outbox.add(windowEvent(3));
          void uploader.flush();
        }
        await Promise.resolve();
        open -= 1;
        return { kind: 'accepted' };
      },
    });
    outbox.add(...someEvents);
    await uploader.flush();
    expect(batches).toEqual([someIds, [windowEvent(3).id]]);
  });

  it('stops trying when told', async () => {
    const server = serverOf(retry);
    outbox.add(...someEvents);
    const uploader = createUploader({ outbox, send: server.send });
    await uploader.flush();
    uploader.stop();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(server.batches).toHaveLength(1);
  });
});

describe('firstBatch', () => {
  it('keeps within the number of events', () => {
    const entries = Array(MAX_BATCH_EVENTS + 1).fill({ event: windowEvent(0) });
    const batch = firstBatch(entries);
    expect(batch.length).toBeLessThanOrEqual(MAX_BATCH_EVENTS);
    const json = JSON.stringify(batch.map(({ event }: OutboxEntry) => event));
    expect(new TextEncoder().encode(json).byteLength).toBeLessThanOrEqual(MAX_BATCH_BYTES);
  });

  it('keeps within the bytes, and lets a single event through that is too large by itself', () => {
    const large = { event: windowEvent(0) };
    large.event.data.latencyMs.endToEnd = Array(200_000).fill(1.5);
    expect(firstBatch([large, large])).toHaveLength(1);
    expect(firstBatch([])).toEqual([]);
  });
});
