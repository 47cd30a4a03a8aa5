// What the uploader does about events that a server refuses, and about an outbox that fails.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  accepted,
  eventsOf,
  idsOf,
  rejected,
  retry,
  serverBy,
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
  it.each(['peek', 'remove'] as const)('to %s is tried again later', async (failing) => {
    const server = serverOf();
    outbox.add(...events);
    outbox.beforeStep = (step) => {
      if (step === failing) throw new Error('The connection is closing.');
    };
    const uploader = uploaderFor(server);
    await uploader.flush();
    expect(uploader.state).toEqual({ kind: 'broken', reason: 'The connection is closing' });
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

  it('to set aside what was refused holds up neither the rest nor what comes later', async () => {
    const [first = '', culprit = '', last = ''] = ids;
    const [other, later] = [eventsOf(2, 2), eventsOf(1, 5).slice(3)];
    const server = serverBy(async (sent) =>
      sent.includes(culprit)
        ? rejected({ index: sent.indexOf(culprit), message: 'bad' })
        : accepted,
    );
    outbox.add(...events, ...other);
    outbox.beforeStep = (step) => {
      // As Chromium tells of a full quota.
      if (step === 'reject') throw new DOMException('', 'QuotaExceededError');
    };
    const uploader = uploaderFor(server);
    await uploader.flush();
    expect(uploader.state).toEqual({
      kind: 'broken',
      reason: 'what the server refused cannot be set aside (QuotaExceededError)',
    });
    const arrived = () => server.batches.filter((sent) => !sent.includes(culprit)).flat();
    expect(arrived().toSorted()).toEqual([first, last, ...idsOf(other)].toSorted());
    expect(outbox.ids).toEqual([culprit]);
    const refusals = () => server.batches.filter((sent) => sent.includes(culprit)).length;
    expect(refusals()).toBe(1);

    outbox.add(...later);
    await vi.advanceTimersByTimeAsync(500);
    expect(arrived().slice(4)).toEqual(idsOf(later));
    await uploader.leave();
    expect(uploader.state.kind).toBe('broken');
    outbox.beforeStep = () => undefined;
    await uploader.resume();
    expect(outbox.rejected).toMatchObject([{ event: { id: culprit }, reason: 'bad' }]);
    expect(outbox.entries).toEqual([]);
    expect(uploader.state).toEqual({ kind: 'idle' });
    expect(refusals()).toBe(1);
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
