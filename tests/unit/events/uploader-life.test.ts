// How an uploader is told to go on, is watched, and ends.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DeliveryState, UploaderOptions } from '../../../src/lib/events/uploader.ts';
import {
  accepted,
  eventOf,
  eventsOf,
  idsOf,
  retry,
  serverByHand,
  serverOf,
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

describe('without a token', () => {
  it('nothing is sent until there is one', async () => {
    const server = serverOf(unauthorised);
    outbox.add(...events);
    const uploader = uploaderFor(server);
    await uploader.flush();
    expect(uploader.state).toEqual({ kind: 'unauthorised', reason: 'HTTP 401: no token' });
    await uploader.flush();
    await uploader.leave();
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(server.batches).toHaveLength(1);
    expect(outbox.ids).toEqual(ids);
    await uploader.resume();
    expect(server.batches).toEqual([ids, ids]);
    expect(uploader.state).toEqual({ kind: 'idle' });
  });

  it('other batches under way are still answered, and counted', async () => {
    const server = serverByHand();
    outbox.add(eventOf(1, 0, 300_000), eventOf(2, 0, 300_000));
    const uploader = uploaderFor(server);
    const flushed = uploader.flush();
    await settle();
    server.sent[0]?.answer(unauthorised);
    await settle();
    expect(uploader.state).toEqual({ kind: 'sending' });
    server.sent[1]?.answer(accepted);
    await flushed;
    expect(uploader.state.kind).toBe('unauthorised');
    expect(outbox.ids).toEqual([eventOf(1, 0).id]);
  });

  it('an answer to the old token does not stop the new one', async () => {
    const server = serverByHand();
    outbox.add(eventOf(1, 0, 300_000), eventOf(2, 0, 300_000));
    const uploader = uploaderFor(server);
    void uploader.flush();
    await settle();
    server.sent[0]?.answer(unauthorised);
    await settle();
    const resumed = uploader.resume();
    server.sent[1]?.answer(unauthorised);
    await settle();
    // Both again, with the new token.
    expect(server.sent).toHaveLength(4);
    server.sent[2]?.answer(accepted);
    server.sent[3]?.answer(accepted);
    await resumed;
    expect(uploader.state).toEqual({ kind: 'idle' });
    expect(outbox.entries).toEqual([]);
  });

  it('a new token does not wait for answers to the old one', async () => {
    const server = serverByHand();
    outbox.add(eventOf(1, 0, 300_000), eventOf(2, 0, 300_000));
    const uploader = uploaderFor(server);
    void uploader.flush();
    await settle();
    server.sent[0]?.answer(unauthorised);
    await settle();
    void uploader.resume();
    await settle();
    expect(server.sent[2]?.ids).toEqual([eventOf(1, 0).id]);
  });

  it('a worse obstacle is not hidden by a smaller one', async () => {
    const server = serverByHand();
    outbox.add(...[1, 2, 3].map((run) => eventOf(run, 0, 300_000)));
    const uploader = uploaderFor(server);
    void uploader.flush();
    await settle();
    server.sent[0]?.answer(retry());
    server.sent[1]?.answer(unauthorised);
    server.sent[2]?.answer(retry());
    await settle();
    expect(uploader.state.kind).toBe('unauthorised');
  });
});

describe('resume', () => {
  it('cuts a wait short and begins with short waits again', async () => {
    const server = serverOf(retry(), retry(), retry(30_000), retry());
    outbox.add(...events);
    const uploader = uploaderFor(server, { now: () => 0 });
    await uploader.flush();
    await vi.advanceTimersByTimeAsync(1500);
    expect(uploader.state).toMatchObject({ kind: 'waiting', retryAtMs: 32_000 });
    await uploader.resume();
    expect(server.batches).toHaveLength(4);
    expect(uploader.state).toMatchObject({ kind: 'waiting', retryAtMs: 500 });
    expect(vi.getTimerCount()).toBe(1);
    await uploader.resume();
    expect(outbox.entries).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tries a broken outbox at once', async () => {
    outbox.add(...events);
    outbox.beforeStep = () => {
      throw new Error('gone');
    };
    const uploader = uploaderFor(serverOf());
    await uploader.flush();
    outbox.beforeStep = () => undefined;
    await uploader.resume();
    expect(outbox.entries).toEqual([]);
  });

  it('keeps the order when a batch comes back while the outbox is read', async () => {
    const server = serverByHand();
    outbox.add(eventOf(1, 0));
    const uploader = uploaderFor(server);
    void uploader.flush();
    await settle();
    outbox.add(eventOf(1, 1));
    outbox.beforeStep = async (step) => {
      if (step !== 'peek') return;
      outbox.beforeStep = () => undefined;
      // While event 1 is read, without event 0, which is under way, that one fails and all is forgiven.
      server.sent[0]?.answer(retry());
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
      void uploader.resume();
    };
    void uploader.flush();
    await settle();
    expect(server.sent[1]?.ids).toEqual([eventOf(1, 0).id, eventOf(1, 1).id]);
  });

  it('works from within a listener', async () => {
    const server = serverOf(retry(), unauthorised);
    outbox.add(...events);
    const uploader = uploaderFor(server);
    const kinds: string[] = [];
    uploader.subscribe(({ kind }) => {
      kinds.push(kind);
      if (kind === 'waiting' || kind === 'unauthorised') void uploader.resume();
    });
    await uploader.flush();
    await settle();
    expect(outbox.entries).toEqual([]);
    expect(kinds.at(-1)).toBe('idle');
  });
});

describe('a network that is back', () => {
  it('cuts a wait short, and begins with short waits again', async () => {
    const server = serverOf(retry(), retry(), retry());
    outbox.add(...events);
    const uploader = uploaderFor(server, { now: () => 0 });
    await uploader.flush();
    await vi.advanceTimersByTimeAsync(500);
    expect(uploader.state).toMatchObject({ kind: 'waiting', retryAtMs: 1000 });
    await uploader.wake();
    expect(server.batches).toHaveLength(3);
    expect(uploader.state).toMatchObject({ kind: 'waiting', retryAtMs: 500 });
    await uploader.wake();
    expect(outbox.entries).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is no reason to come before the time that the server asked for', async () => {
    const server = serverOf(retry(3_600_000));
    outbox.add(...events);
    const uploader = uploaderFor(server, { random: () => 0 });
    await uploader.flush();
    const { state } = uploader;
    await uploader.wake();
    expect(server.batches).toHaveLength(1);
    expect(uploader.state).toBe(state);
    await vi.advanceTimersByTimeAsync(3_599_999);
    await uploader.wake();
    expect(server.batches).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(outbox.entries).toEqual([]);
  });

  it('is no new token', async () => {
    const server = serverOf(unauthorised);
    outbox.add(...events);
    const uploader = uploaderFor(server);
    await uploader.flush();
    await uploader.wake();
    expect(server.batches).toHaveLength(1);
    expect(uploader.state.kind).toBe('unauthorised');
    await uploader.resume();
    expect(outbox.entries).toEqual([]);
  });
});

describe('stop', () => {
  it.each<readonly [string, () => UploaderOptions['send']]>([
    ['while it waits', () => serverOf(retry()).send],
    ['while a batch is under way', () => serverByHand().send],
    ['while it needs a token', () => serverOf(unauthorised).send],
  ])('ends it %s: no timer, no request, no lock, nothing lost', async (_when, makeSend) => {
    outbox.add(...events);
    const send = vi.fn(makeSend());
    const uploader = uploaderFor({ send });
    const flushed = uploader.flush();
    await settle();
    uploader.stop();
    await flushed;
    await settle();
    expect(vi.getTimerCount()).toBe(0);
    expect(send.mock.lastCall?.[1].signal.aborted).toBe(true);
    await Promise.all([uploader.flush(), uploader.resume(), uploader.leave()]);
    expect(send).toHaveBeenCalledTimes(1);
    expect(outbox.ids).toEqual(ids);
    expect(uploader.state).toEqual({ kind: 'idle' });
    expect(lock.isHeld).toBe(false);
  });

  it('ends it while the outbox is read or broken', async () => {
    outbox.add(...events);
    const server = serverOf();
    const reading = uploaderFor(server);
    outbox.beforeStep = () => reading.stop();
    await reading.flush();
    await settle();
    const leaving = uploaderFor(server);
    outbox.beforeStep = () => leaving.stop();
    await leaving.leave();
    expect(server.batches).toEqual([]);
    const broken = uploaderFor(server);
    outbox.beforeStep = () => {
      throw new Error('gone');
    };
    await broken.flush();
    broken.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('ends it while the outbox is read beside a batch that is under way', async () => {
    outbox.add(...events);
    const uploader = uploaderFor(serverByHand());
    void uploader.flush();
    await settle();
    outbox.beforeStep = () => uploader.stop();
    void uploader.flush();
    await settle();
    expect(lock.isHeld).toBe(false);
  });

  it('ends it while it waits for another tab', async () => {
    await lock.hold();
    const uploader = uploaderFor(serverOf());
    await uploader.flush();
    uploader.stop();
    await settle();
    expect(lock.waiting).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
    expect(uploader.state).toEqual({ kind: 'idle' });
  });
});

describe('whoever watches', () => {
  it('is told the state at once and at each change, until it stops', async () => {
    outbox.add(...events);
    const server = serverOf(retry());
    const uploader = uploaderFor(server);
    const seen: DeliveryState['kind'][] = [];
    const listener = ({ kind }: DeliveryState) => void seen.push(kind);
    const unsubscribe = uploader.subscribe(listener);
    uploader.subscribe(listener)();
    expect(seen.splice(0)).toEqual(['idle', 'idle']);
    await uploader.flush();
    await uploader.flush();
    expect(seen.splice(0)).toEqual(['sending', 'waiting']);
    await vi.advanceTimersByTimeAsync(500);
    expect(seen.splice(0)).toEqual(['sending', 'idle']);
    await uploader.flush();
    expect(seen).toEqual([]);
    unsubscribe();
    outbox.add(eventOf(2, 0));
    await uploader.flush();
    expect(seen).toEqual([]);
  });

  it('does no harm by failing', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    outbox.add(...events);
    const uploader = uploaderFor(serverOf());
    uploader.subscribe(() => {
      throw new Error('a chart is gone');
    });
    const seen: string[] = [];
    uploader.subscribe(({ kind }) => void seen.push(kind));
    await uploader.flush();
    expect(outbox.entries).toEqual([]);
    expect(seen).toEqual(['idle', 'sending', 'idle']);
    expect(warn).toHaveBeenCalledTimes(3);
    warn.mockRestore();
  });
});
