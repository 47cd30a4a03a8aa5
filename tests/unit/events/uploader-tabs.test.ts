// Several tabs of one device, and a tab that is left.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryOutbox } from './memory-outbox.ts';
import {
  accepted,
  eventOf,
  eventsOf,
  idsOf,
  rejected,
  retry,
  serverByHand,
  serverOf,
  tooLarge,
  unauthorised,
} from './sent-batches.ts';
import { createUploaderParts, settle } from './uploader-parts.ts';

type Parts = ReturnType<typeof createUploaderParts>;
let outbox: Parts['outbox'];
let lock: Parts['lock'];
let uploaderFor: Parts['uploaderFor'];
beforeEach(() => {
  vi.useFakeTimers();
  ({ outbox, lock, uploaderFor } = createUploaderParts());
});
afterEach(() => {
  vi.useRealTimers();
});

const events = eventsOf(1, 3);
const ids = idsOf(events);

describe('the tabs of a device', () => {
  it('send one at a time, and a tab that waits for another says so', async () => {
    const server = serverByHand();
    outbox.add(...events);
    const first = uploaderFor(server);
    const second = uploaderFor(server);
    void first.flush();
    await settle();
    await second.flush();
    expect(second.state).toEqual({ kind: 'elsewhere' });
    await second.flush();
    expect(server.sent).toHaveLength(1);
    outbox.add(eventOf(2, 0));
    server.sent[0]?.answer(accepted);
    await settle();
    server.sent[1]?.answer(accepted);
    await settle();
    expect(first.state).toEqual({ kind: 'idle' });
    expect(second.state).toEqual({ kind: 'idle' });
    expect(server.sent).toHaveLength(2);
  });

  it('go on where a tab that was closed has stopped', async () => {
    const server = serverByHand();
    outbox.add(...events);
    const first = uploaderFor(server);
    const second = uploaderFor(server);
    void first.flush();
    await settle();
    await second.flush();
    first.stop();
    await settle();
    expect(server.sent.map((batch) => batch.ids)).toEqual([ids, ids]);
    server.sent[1]?.answer(accepted);
    await settle();
    expect(outbox.entries).toEqual([]);
  });

  it('do not take turns while one waits for its next try', async () => {
    const server = serverOf(retry());
    outbox.add(...events);
    const first = uploaderFor(server);
    const second = uploaderFor(server);
    await first.flush();
    await second.flush();
    expect(first.state.kind).toBe('waiting');
    expect(second.state.kind).toBe('elsewhere');
    expect(server.batches).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(500);
    expect(server.batches).toHaveLength(2);
    expect([first.state.kind, second.state.kind]).toEqual(['idle', 'idle']);
  });

  it.each(['unauthorised', 'broken'] as const)('do not wait for one that is %s', async (kind) => {
    const server = serverOf(...(kind === 'unauthorised' ? [unauthorised] : []));
    outbox.add(...events);
    const first = uploaderFor(server, {
      outbox:
        kind === 'unauthorised'
          ? outbox
          : Object.assign(new MemoryOutbox(), { peek: () => Promise.reject(new Error('gone')) }),
    });
    await first.flush();
    expect(first.state.kind).toBe(kind);
    await uploaderFor(server).flush();
    expect(outbox.entries).toEqual([]);
  });

  it('leave it to another, where they do not wait for it, and ask again', async () => {
    const server = serverOf();
    outbox.add(...events);
    let isBusy = true;
    const uploader = uploaderFor(server, {
      exclusively: async (work) => (isBusy ? undefined : work()),
    });
    await uploader.flush();
    expect(uploader.state).toEqual({ kind: 'elsewhere' });
    expect(server.batches).toEqual([]);
    isBusy = false;
    await uploader.flush();
    expect(outbox.entries).toEqual([]);
    expect(uploader.state).toEqual({ kind: 'idle' });
  });

  it.each([
    () => Promise.reject(new Error('no locks')),
    () => {
      throw new Error('no locks');
    },
  ])('try again where there are no locks: %s', async (exclusively) => {
    const uploader = uploaderFor(serverOf(), { exclusively });
    await uploader.flush();
    expect(uploader.state).toEqual({ kind: 'broken', reason: 'no locks' });
    expect(vi.getTimerCount()).toBe(1);
  });
});

describe('leave', () => {
  it('sends one small batch that outlives the page, though another tab has the lock', async () => {
    const server = serverByHand();
    await lock.hold();
    outbox.add(...eventsOf(1, 4, 25_000));
    const uploader = uploaderFor(server);
    await uploader.flush();
    const left = uploader.leave();
    const again = uploader.leave();
    await settle();
    expect(server.sent).toMatchObject([{ ids: idsOf(eventsOf(1, 2)), keepalive: true }]);
    server.sent[0]?.answer(accepted);
    await Promise.all([left, again]);
    expect(outbox.ids).toEqual(idsOf(eventsOf(1, 4)).slice(2));
    expect(server.sent).toHaveLength(1);
  });

  it('sends nothing of a run that is under way, nor more than five batches in all', async () => {
    const server = serverByHand();
    outbox.add(eventOf(1, 0));
    const uploader = uploaderFor(server);
    void uploader.flush();
    await settle();
    outbox.add(eventOf(1, 1), eventOf(2, 0));
    void uploader.leave();
    await settle();
    expect(server.sent.map((batch) => batch.ids)).toEqual([[eventOf(1, 0).id], [eventOf(2, 0).id]]);
    outbox.add(...[3, 4, 5, 6].map((run) => eventOf(run, 0, 390_000)), eventOf(7, 0));
    void uploader.flush();
    server.sent[1]?.answer(accepted);
    await settle();
    expect(server.sent).toHaveLength(6);
    void uploader.leave();
    await settle();
    expect(server.sent).toHaveLength(6);
  });

  it('leaves what is too large for it, and the later events of that run', async () => {
    const server = serverOf();
    await lock.hold();
    outbox.add(eventOf(1, 0, 61_000), eventOf(1, 1), eventOf(2, 0));
    await uploaderFor(server).leave();
    expect(server.batches).toEqual([[eventOf(2, 0).id]]);
  });

  it('does not hold up a pass for longer than its batch is under way', async () => {
    const server = serverByHand();
    outbox.add(...events);
    const uploader = uploaderFor(server);
    void uploader.leave();
    await settle();
    outbox.add(eventOf(1, 3));
    const flushed = uploader.flush();
    await settle();
    expect(server.sent).toHaveLength(1);
    server.sent[0]?.answer(retry());
    await settle();
    expect(server.sent[1]).toMatchObject({ ids: [...ids, eventOf(1, 3).id], keepalive: false });
    server.sent[1]?.answer(accepted);
    await flushed;
    expect(outbox.entries).toEqual([]);
  });

  it('takes a refusal for what it is, without another request', async () => {
    await lock.hold();
    outbox.add(...events);
    const server = serverOf(rejected({ index: 0, message: 'bad' }));
    await uploaderFor(server).leave();
    expect(server.batches).toEqual([ids]);
    expect(outbox.rejected).toMatchObject([{ event: { id: ids[0] } }]);
    const large = serverOf(tooLarge);
    await uploaderFor(large).leave();
    expect(large.batches).toEqual([ids.slice(1)]);
    expect(outbox.ids).toEqual(ids.slice(1));
  });

  it('tries in spite of a wait of its own, but not while the server wants to be left alone', async () => {
    outbox.add(...events);
    const server = serverOf(retry(), retry(5000), accepted);
    const uploader = uploaderFor(server);
    await uploader.flush();
    await uploader.leave();
    expect(server.batches).toHaveLength(2);
    await uploader.leave();
    expect(server.batches).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(500);
    expect(server.batches).toHaveLength(3);
    expect(outbox.entries).toEqual([]);
  });

  it('makes a pass wait for a token where the server wants one', async () => {
    outbox.add(...events);
    const server = serverOf(unauthorised);
    const uploader = uploaderFor(server);
    await uploader.leave();
    await uploader.flush();
    expect(uploader.state.kind).toBe('unauthorised');
    expect(server.batches).toHaveLength(1);
  });

  it('never fails, whatever the outbox does', async () => {
    outbox.add(...events);
    outbox.beforeStep = (step) => {
      throw new Error(step);
    };
    const uploader = uploaderFor(serverOf());
    await expect(uploader.leave()).resolves.toBeUndefined();
    outbox.beforeStep = (step) => {
      if (step === 'remove') throw new Error(step);
    };
    await expect(uploader.leave()).resolves.toBeUndefined();
    expect(outbox.ids).toEqual(ids);
  });
});
