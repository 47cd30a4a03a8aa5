// What the uploader sends when, and how it goes on after a failure.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MAX_BATCH_EVENTS } from '../../../src/lib/events/parse-batch.ts';
import {
  accepted,
  eventOf,
  eventsOf,
  idsOf,
  retry,
  serverByHand,
  serverOf,
} from './sent-batches.ts';
import { createUploaderParts, settle } from './uploader-parts.ts';

type Parts = ReturnType<typeof createUploaderParts>;
let outbox: Parts['outbox'];
let uploaderFor: Parts['uploaderFor'];
beforeEach(() => {
  vi.useFakeTimers();
  ({ outbox, uploaderFor } = createUploaderParts());
});
afterEach(() => {
  vi.useRealTimers();
});

const events = eventsOf(1, 3);
const ids = idsOf(events);

describe('an uploader', () => {
  it('sends what waits, in order, and forgets it once accepted', async () => {
    const server = serverOf();
    outbox.add(...events);
    const uploader = uploaderFor(server);
    await uploader.flush();
    expect(server.batches).toEqual([ids]);
    expect(outbox.entries).toEqual([]);
    expect(uploader.state).toEqual({ kind: 'idle' });
  });

  it('sends nothing when nothing waits', async () => {
    const server = serverOf();
    await uploaderFor(server).flush();
    expect(server.batches).toEqual([]);
  });

  it('has one batch of a run under way at a time', async () => {
    const server = serverByHand();
    const long = eventsOf(1, 4, 150_000);
    outbox.add(...long);
    const flushed = uploaderFor(server).flush();
    await settle();
    expect(server.sent.map((batch) => batch.ids)).toEqual([idsOf(long.slice(0, 2))]);
    server.sent[0]?.answer(accepted);
    await settle();
    expect(server.sent.map((batch) => batch.ids)).toEqual([
      idsOf(long.slice(0, 2)),
      idsOf(long.slice(2)),
    ]);
    server.sent[1]?.answer(accepted);
    await flushed;
    expect(outbox.entries).toEqual([]);
  });

  it('has at most five batches under way, and the next as soon as one is answered', async () => {
    const server = serverByHand();
    const runs = [1, 2, 3, 4, 5, 6, 7];
    outbox.add(...runs.map((run) => eventOf(run, 0, 300_000)));
    const uploader = uploaderFor(server);
    const flushed = uploader.flush();
    await settle();
    expect(server.sent).toHaveLength(5);
    void uploader.flush();
    await settle();
    expect(server.sent).toHaveLength(5);
    server.sent[3]?.answer(accepted);
    await settle();
    expect(server.sent).toHaveLength(6);
    for (const batch of server.sent) batch.answer(accepted);
    await settle();
    expect(server.sent.map((batch) => batch.ids)).toEqual(runs.map((run) => [eventOf(run, 0).id]));
    server.sent[6]?.answer(accepted);
    await flushed;
    expect(outbox.entries).toEqual([]);
  });

  it('looks behind the oldest events for what can travel beside them', async () => {
    const server = serverByHand();
    outbox.add(...Array.from({ length: MAX_BATCH_EVENTS }, (_, run) => eventOf(run, 0)));
    const behind = eventOf(9999, 0);
    outbox.add(behind);
    void uploaderFor(server).flush();
    await settle();
    expect(server.sent.flatMap((batch) => batch.ids)).toContain(behind.id);
  });

  it('sends an event that is written while the last batch is under way', async () => {
    const server = serverByHand();
    outbox.add(...events);
    const uploader = uploaderFor(server);
    const flushed = uploader.flush();
    await settle();
    const late = eventOf(1, 3);
    outbox.add(late);
    void uploader.flush();
    const other = eventOf(2, 0);
    outbox.add(other);
    void uploader.flush();
    await settle();
    // Another run goes beside it, the same run after it.
    expect(server.sent.map((batch) => batch.ids)).toEqual([ids, [other.id]]);
    server.sent[0]?.answer(accepted);
    await settle();
    expect(server.sent[2]?.ids).toEqual([late.id]);
    server.sent[1]?.answer(accepted);
    server.sent[2]?.answer(accepted);
    await flushed;
    expect(outbox.entries).toEqual([]);
  });

  it.each(['peek', 'remove'] as const)(
    'sends an event that is written at the last %s',
    async (last) => {
      const server = serverOf();
      outbox.add(...events);
      const uploader = uploaderFor(server);
      const late = eventOf(2, 0);
      outbox.beforeStep = async (step) => {
        const isLast = step === last && (last === 'remove' || outbox.entries.length === 0);
        if (!isLast || server.batches.length !== 1) return;
        outbox.beforeStep = () => undefined;
        outbox.add(late);
        void uploader.flush();
      };
      await uploader.flush();
      expect(server.batches).toEqual([ids, [late.id]]);
    },
  );

  it('sends an event that is written while the lock is given back', async () => {
    const server = serverOf();
    outbox.add(...events);
    const late = eventOf(2, 0);
    let passes = 0;
    const uploader = uploaderFor(server, {
      async exclusively(work) {
        await work();
        passes += 1;
        if (passes > 1) return;
        outbox.add(late);
        void uploader.flush();
      },
    });
    await uploader.flush();
    expect(server.batches).toEqual([ids, [late.id]]);
  });
});

describe('after a failure', () => {
  it('everything is kept, and tried again later and later', async () => {
    const server = serverOf(retry(), retry(), retry());
    outbox.add(...events);
    await uploaderFor(server).flush();
    expect(outbox.ids).toEqual(ids);
    for (const [waitMs, batches] of [
      [499, 1],
      [1, 2],
      [999, 2],
      [1, 3],
      [1999, 3],
      [1, 4],
    ] as const) {
      await vi.advanceTimersByTimeAsync(waitMs);
      expect(server.batches).toHaveLength(batches);
    }
    expect(server.batches).toEqual([ids, ids, ids, ids]);
    expect(outbox.entries).toEqual([]);
  });

  it('flush resolves, says why and until when, and does not cut the wait short', async () => {
    const server = serverOf(retry());
    outbox.add(...events);
    const uploader = uploaderFor(server, { now: () => 1000 });
    await uploader.flush();
    const reason = 'the server could not be reached';
    const waiting = { kind: 'waiting', reason, retryAtMs: 1500 };
    expect(uploader.state).toEqual(waiting);
    await uploader.flush();
    await vi.advanceTimersByTimeAsync(499);
    expect(server.batches).toHaveLength(1);
    expect(uploader.state).toEqual(waiting);
    const seen: string[] = [];
    outbox.beforeStep = () => seen.push(uploader.state.kind);
    await vi.advanceTimersByTimeAsync(1);
    // The wait is over before the outbox is read again: a flush from now on waits for what comes of it.
    expect(seen[0]).toBe('sending');
    expect(uploader.state).toEqual({ kind: 'idle' });
  });

  it('nothing new is sent until those under way are answered and the wait is over', async () => {
    const server = serverByHand();
    outbox.add(eventOf(1, 0, 300_000), eventOf(2, 0, 300_000), eventOf(1, 1, 300_000));
    const uploader = uploaderFor(server);
    const flushed = uploader.flush();
    await settle();
    expect(server.sent).toHaveLength(2);
    server.sent[0]?.answer(retry());
    outbox.add(eventOf(3, 0));
    void uploader.flush();
    await vi.advanceTimersByTimeAsync(5000);
    expect(server.sent).toHaveLength(2);
    expect(uploader.state).toEqual({ kind: 'sending' });
    server.sent[1]?.answer(accepted);
    await flushed;
    expect(uploader.state.kind).toBe('waiting');
    await vi.advanceTimersByTimeAsync(500);
    // One goes first, the oldest, to see whether the server is there.
    expect(server.sent.slice(2).map((batch) => batch.ids)).toEqual([[eventOf(1, 0).id]]);
  });

  it('less is sent at a time, and more again after successes', async () => {
    const server = serverOf(retry(), retry());
    outbox.add(...eventsOf(1, 40, 10_000));
    await uploaderFor(server).flush();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.batches.map(({ length }) => length)).toEqual([39, 19, 9, 19, 12]);
    expect(outbox.entries).toEqual([]);
  });

  it('the server is left alone for as long as it asks, and then for the jitter', async () => {
    const server = serverOf(retry(7000));
    outbox.add(...events);
    await uploaderFor(server).flush();
    await vi.advanceTimersByTimeAsync(7499);
    expect(server.batches).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(server.batches).toHaveLength(2);
  });

  it('of several servers in a row the longest wish counts', async () => {
    const server = serverByHand();
    outbox.add(eventOf(1, 0, 300_000), eventOf(2, 0, 300_000));
    const uploader = uploaderFor(server, { now: () => 0 });
    void uploader.flush();
    await settle();
    server.sent[0]?.answer(retry(9000));
    server.sent[1]?.answer(retry(2000));
    await settle();
    expect(uploader.state).toMatchObject({ retryAtMs: 9500 });
  });

  it('no server is left alone for more than an hour', async () => {
    outbox.add(...events);
    const uploader = uploaderFor(serverOf(retry(1e12)), { now: () => 0 });
    await uploader.flush();
    expect(uploader.state).toMatchObject({ retryAtMs: 3_600_500 });
  });

  it('waits long at once where something answers that is no Kinemark', async () => {
    outbox.add(...events);
    const reason = 'HTTP 404: Not Found';
    const server = serverOf({ kind: 'retry', reason, afterMs: null, isLasting: true });
    const uploader = uploaderFor(server, { now: () => 0 });
    await uploader.flush();
    expect(uploader.state).toEqual({ kind: 'waiting', reason, retryAtMs: 60_000 });
  });

  it('a send that throws is a failure like another', async () => {
    const server = serverOf();
    let throws = true;
    outbox.add(...events);
    const uploader = uploaderFor({
      send(sent) {
        if (!throws) return server.send(sent);
        throws = false;
        throw new Error('no network stack');
      },
    });
    await uploader.flush();
    expect(uploader.state).toEqual({ kind: 'broken', reason: 'no network stack' });
    await vi.advanceTimersByTimeAsync(500);
    expect(outbox.entries).toEqual([]);
  });
});
