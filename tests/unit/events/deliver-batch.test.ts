// One batch against servers that refuse parts of it.
import { beforeEach, describe, expect, it } from 'vitest';
import { deliverBatch } from '../../../src/lib/events/deliver-batch.ts';
import type { DeliveryParts } from '../../../src/lib/events/deliver-batch.ts';
import type { EventRefusal, SendOutcome } from '../../../src/lib/events/send-batch.ts';
import { MemoryOutbox } from './memory-outbox.ts';
import {
  accepted,
  eventsOf,
  idsOf,
  rejected,
  retry,
  serverBy,
  serverOf,
  tooLarge,
  unauthorised,
} from './sent-batches.ts';

const events = eventsOf(1, 8);
const ids = idsOf(events);

/** The ids at these positions. */
function idsAt(...positions: readonly number[]): readonly string[] {
  return positions.map((position) => ids[position] ?? '');
}

/** Refuses whole batches with any of `bad` in them, naming at most `listed` of their faults. */
function strictServer(bad: readonly string[], listed: number) {
  return serverBy(async (sent) => {
    const faults = sent.flatMap((id, index): EventRefusal[] =>
      bad.includes(id) ? [{ index, message: `data: ${id} is bad` }] : [],
    );
    return faults.length === 0 ? accepted : rejected(...faults.slice(0, listed));
  });
}

describe('deliverBatch', () => {
  let outbox: MemoryOutbox;
  let successes: number;
  beforeEach(() => {
    outbox = new MemoryOutbox();
    outbox.add(...events);
    successes = 0;
  });

  function deliver(server: Pick<DeliveryParts, 'send'>, changed: Partial<DeliveryParts> = {}) {
    return deliverBatch(outbox.entries, {
      outbox,
      send: server.send,
      mayGoOn: () => true,
      onAccepted: () => (successes += 1),
      ...changed,
    });
  }
  function rejections() {
    return outbox.rejected.map(({ event, reason }) => [event.id, reason]);
  }

  it('forgets what was accepted', async () => {
    expect(await deliver(serverOf())).toEqual({ kind: 'done' });
    expect(outbox.entries).toEqual([]);
    expect(successes).toBe(1);
  });

  it.each<SendOutcome>([retry(5000), unauthorised])('leaves all in the outbox: %o', async (it) => {
    expect(await deliver(serverOf(it))).toEqual(it);
    expect(outbox.ids).toEqual(ids);
    expect(successes).toBe(0);
  });

  it('sets aside those that are named, each with its reason, and sends the rest again', async () => {
    const bad = idsAt(1, 6);
    const server = strictServer(bad, 20);
    expect(await deliver(server)).toEqual({ kind: 'done' });
    expect(server.batches).toEqual([ids, idsAt(0, 2, 3, 4, 5, 7)]);
    expect(rejections()).toEqual(bad.map((id) => [id, `data: ${id} is bad`]));
    expect(outbox.entries).toEqual([]);
  });

  it('goes on until no fault is listed any more', async () => {
    const server = strictServer(idsAt(0, 3, 4), 2);
    await deliver(server);
    expect(server.batches).toEqual([ids, idsAt(1, 2, 4, 5, 6, 7), idsAt(1, 2, 5, 6, 7)]);
    expect(outbox.rejected).toHaveLength(3);
  });

  it('tells all that is wrong with one event', async () => {
    const faults = [
      { index: 2, message: 'time: no time' },
      { index: 2, message: 'id: no id' },
    ];
    await deliver(serverOf(rejected(...faults)));
    expect(rejections()).toEqual([[ids[2], 'time: no time; id: no id']]);
  });

  it('sends nothing again of a batch in which all are at fault', async () => {
    const server = strictServer(ids, 20);
    expect(await deliver(server)).toEqual({ kind: 'done' });
    expect(server.batches).toEqual([ids]);
    expect(outbox.rejected).toHaveLength(ids.length);
  });

  it('halves until the culprit is alone where none is named, in order', async () => {
    const server = strictServer(idsAt(2), 0);
    expect(await deliver(server)).toEqual({ kind: 'done' });
    expect(server.batches).toEqual([
      ids,
      idsAt(0, 1, 2, 3),
      idsAt(0, 1),
      idsAt(2, 3),
      idsAt(2),
      idsAt(3),
      idsAt(4, 5, 6, 7),
    ]);
    expect(rejections()).toEqual([[ids[2], 'HTTP 400: faulty']]);
  });

  it('halves when the faults name nothing that is in the batch', async () => {
    const server = serverOf(rejected({ index: -1, message: 'all' }, { index: 8, message: 'none' }));
    await deliver(server);
    expect(server.batches).toEqual([ids, idsAt(0, 1, 2, 3), idsAt(4, 5, 6, 7)]);
    expect(outbox.rejected).toEqual([]);
  });

  it('splits what is too large, and sets aside an event that is by itself', async () => {
    const server = serverBy(async (sent) =>
      sent.length > 3 || sent.includes(ids[5] ?? '') ? tooLarge : accepted,
    );
    expect(await deliver(server)).toEqual({ kind: 'done' });
    expect(server.batches.slice(0, 4)).toEqual([ids, idsAt(0, 1, 2, 3), idsAt(0, 1), idsAt(2, 3)]);
    expect(rejections()).toEqual([[ids[5], 'HTTP 413: too large']]);
    expect(outbox.entries).toEqual([]);
  });

  it('sends nothing of a batch after a part of it that failed', async () => {
    const server = serverOf(tooLarge, accepted, retry());
    expect(await deliver(server)).toEqual(retry());
    expect(server.batches).toEqual([ids, idsAt(0, 1, 2, 3), idsAt(4, 5, 6, 7)]);
    expect(outbox.ids).toEqual(idsAt(4, 5, 6, 7));
  });

  it('goes no further when told so, but forgets what was accepted until then', async () => {
    const server = serverOf(tooLarge, accepted);
    const mayGoOn = () => server.batches.length < 2;
    expect(await deliver(server, { mayGoOn })).toEqual({ kind: 'held' });
    expect(server.batches).toHaveLength(2);
    expect(outbox.ids).toEqual(idsAt(4, 5, 6, 7));
  });

  it('is done with the last part, whether it may go on or not', async () => {
    expect(await deliver(serverOf(), { mayGoOn: () => false })).toEqual({ kind: 'done' });
  });

  it.each(['remove', 'reject'] as const)('fails when the outbox fails to %s', async (failing) => {
    outbox.beforeStep = (step) => {
      if (step === failing) throw new Error('The disk is full.');
    };
    const server = serverOf(failing === 'remove' ? accepted : rejected({ index: 0, message: '' }));
    await expect(deliver(server)).rejects.toThrow('The disk is full.');
    expect(outbox.ids).toEqual(ids);
    expect(successes).toBe(0);
  });
});
