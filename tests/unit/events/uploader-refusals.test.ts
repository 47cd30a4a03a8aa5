// What the uploader does about events that a server refuses, and about an outbox that fails.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  accepted,
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

describe('what a server refuses', () => {
  it('is set aside, and the rest goes on', async () => {
    const server = serverOf(rejected({ index: 1, message: 'data.frames: must be a count' }));
    outbox.add(...events);
    const uploader = uploaderFor(server);
    await uploader.flush();
    expect(server.batches).toEqual([ids, [ids[0], ids[2]]]);
    expect(outbox.rejected).toMatchObject([
      { event: { id: ids[1] }, reason: 'data.frames: must be a count' },
    ]);
    expect(outbox.entries).toEqual([]);
    expect(uploader.state).toEqual({ kind: 'idle' });
  });

  it('does not keep the order when a part of it fails: later events wait', async () => {
    const server = serverOf(tooLarge, retry());
    outbox.add(...events);
    await uploaderFor(server).flush();
    expect(server.batches).toEqual([ids, ids.slice(0, 2)]);
    await vi.advanceTimersByTimeAsync(500);
    expect(server.batches.slice(2)).toEqual([ids]);
    expect(outbox.entries).toEqual([]);
  });

  it('a batch is not split further once another batch has failed', async () => {
    const server = serverByHand();
    outbox.add(...eventsOf(1, 2, 150_000), ...eventsOf(2, 2, 150_000));
    const uploader = uploaderFor(server);
    void uploader.flush();
    await settle();
    server.sent[1]?.answer(unauthorised);
    await settle();
    server.sent[0]?.answer(tooLarge);
    await settle();
    expect(server.sent).toHaveLength(2);
    expect(uploader.state.kind).toBe('unauthorised');
    expect(outbox.entries).toHaveLength(4);
  });
});

describe('an outbox that fails', () => {
  it.each(['peek', 'remove', 'reject'] as const)('to %s is tried again later', async (failing) => {
    const server = serverOf(
      failing === 'reject' ? rejected({ index: 0, message: 'bad' }) : accepted,
    );
    outbox.add(...events);
    outbox.beforeStep = (step) => {
      if (step === failing) throw new Error('The connection is closing.');
    };
    const uploader = uploaderFor(server);
    await uploader.flush();
    expect(uploader.state).toEqual({ kind: 'broken', reason: 'The connection is closing.' });
    expect(outbox.ids).toEqual(ids);
    await vi.advanceTimersByTimeAsync(499);
    expect(outbox.ids).toEqual(ids);
    outbox.beforeStep = () => undefined;
    await vi.advanceTimersByTimeAsync(1);
    expect(outbox.entries).toEqual([]);
    expect(uploader.state).toEqual({ kind: 'idle' });
    // What was accepted but not forgotten was sent again: the server knows its ids.
    expect(server.batches).toEqual(failing === 'peek' ? [ids] : [ids, ids]);
  });

  it('is tried later and later while it stays broken', async () => {
    let peeks = 0;
    outbox.beforeStep = () => {
      peeks += 1;
      throw new Error('gone');
    };
    await uploaderFor(serverOf()).flush();
    await vi.advanceTimersByTimeAsync(500 + 1000 + 2000);
    expect(peeks).toBe(4);
    await vi.advanceTimersByTimeAsync(3999);
    expect(peeks).toBe(4);
  });
});
