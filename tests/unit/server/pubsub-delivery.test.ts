// Attempts, back-off and burial, on a clock that passes as fast as it can.
import { pino } from 'pino';
import { expect, it } from 'vitest';
import {
  createDelivery,
  type DeliveryParts,
} from '../../../server/broker/pubsub/delivery.server.ts';
import {
  DELIVERY_BYTES,
  DELIVERY_EVENTS,
} from '../../../server/broker/pubsub/held-events.server.ts';
import type { Death } from '../../../server/broker/pubsub/held-message.server.ts';
import type { MetricEvent } from '../../../src/lib/events/metric-event.ts';
import { OTHER_RUN_ID, startedEvent, windowEvent } from '../../fixtures/events.ts';

const logger = pino({ level: 'silent' });

/** Everything that needs no time. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** A delivery, a clock that is moved by hand, and a note of everything that happens. */
function setUp(parts: Partial<DeliveryParts> = {}) {
  let nowMs = 0;
  const rests: { readonly endMs: number; readonly end: () => void }[] = [];
  const deliveries: string[][] = [];
  const settlements: [string, boolean][] = [];
  const deaths: (Death & { readonly messageId: string })[] = [];
  const delivery = createDelivery({
    bury: async ({ id }, death) => void deaths.push({ messageId: id, ...death }),
    logger,
    now: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        signal.addEventListener('abort', () => reject(new Error('aborted')));
        rests.push({ endMs: nowMs + ms, end: resolve });
      }),
    ...parts,
    handler: async (events) => {
      deliveries.push(events.map(({ id }) => id));
      await parts.handler?.(events);
    },
  });

  return {
    delivery,
    deliveries,
    settlements,
    deaths,
    add: (event: MetricEvent, { id = `m-${event.id}`, bytes = 100 } = {}) => {
      delivery.add(
        {
          id,
          data: new Uint8Array(bytes),
          attributes: {},
          publishedAt: '2026-11-05T10:00:00.000Z',
          settle: (isTaken) => settlements.push([event.id, isTaken]),
        },
        event,
      );
    },
    /** Lets time pass, rest by rest. */
    pass: async (ms: number) => {
      const untilMs = nowMs + ms;
      await settled();
      for (;;) {
        const due = rests.filter(({ endMs }) => endMs <= untilMs);
        const [next] = due.sort((a, b) => a.endMs - b.endMs);
        if (!next) break;
        rests.splice(rests.indexOf(next), 1);
        nowMs = next.endMs;
        next.end();
        await settled();
      }
      nowMs = untilMs;
    },
  };
}

/** Rejects whenever one of these events is among them. */
function refusing(...ids: readonly string[]): DeliveryParts['handler'] {
  return async (events) => {
    const poison = events.find(({ id }) => ids.includes(id));
    if (poison) throw new Error(`cannot store ${poison.id}`);
  };
}

const [first, second, third] = [startedEvent(), windowEvent(0), windowEvent(1)];
const other = startedEvent({ runId: OTHER_RUN_ID });

it('delivers what comes together together, in order, and settles all of it', async () => {
  const { add, deliveries, settlements } = setUp();
  for (const event of [first, other, second, third]) add(event);
  await settled();
  expect(deliveries).toEqual([[first.id, other.id, second.id, third.id]]);
  expect(settlements).toEqual([first, other, second, third].map(({ id }) => [id, true]));
});

it('settles nothing before the handler is through', async () => {
  let finish = () => {};
  const { add, settlements } = setUp({
    handler: () => new Promise<void>((resolve) => (finish = resolve)),
  });
  add(first);
  await settled();
  expect(settlements).toEqual([]);
  finish();
  await settled();
  expect(settlements).toEqual([[first.id, true]]);
});

it('bounds a delivery by events and by bytes, and lets a larger event go alone', async () => {
  const { add, deliveries } = setUp();
  for (let index = 0; index < DELIVERY_EVENTS + 1; index++) add(windowEvent(index));
  await settled();
  expect(deliveries.map((ids) => ids.length)).toEqual([DELIVERY_EVENTS, 1]);

  deliveries.length = 0;
  const half = DELIVERY_BYTES / 2;
  const sizes = [half, half, 1, DELIVERY_BYTES + 1, 1];
  for (const [index, bytes] of sizes.entries()) add(windowEvent(index), { bytes });
  await settled();
  expect(deliveries.map((ids) => ids.length)).toEqual([2, 1, 1, 1]);
});

it('keeps the order within a run while a delivery of it is in progress, and no other run waits', async () => {
  let finish = () => {};
  const { add, deliveries } = setUp({
    handler: async ([event]) => {
      if (event?.id === first.id) await new Promise<void>((resolve) => (finish = resolve));
    },
  });
  add(first);
  await settled();
  add(second);
  add(other);
  await settled();
  expect(deliveries).toEqual([[first.id], [other.id]]);
  finish();
  await settled();
  expect(deliveries).toEqual([[first.id], [other.id], [second.id]]);
});

it('delivers each event of a failed delivery alone, after its back-off', async () => {
  let failures = 1;
  const { add, deliveries, settlements, pass } = setUp({
    handler: async () => {
      if (failures-- > 0) throw new Error('the store is away');
    },
  });
  for (const event of [first, second, other]) add(event);
  await pass(999);
  expect(deliveries).toHaveLength(1);
  expect(settlements).toEqual([]);
  await pass(1);
  const alone = deliveries.slice(1);
  expect(alone.toSorted()).toEqual([[first.id], [second.id], [other.id]]);
  expect(alone.flat().indexOf(first.id)).toBeLessThan(alone.flat().indexOf(second.id));
  expect(settlements.every(([, isTaken]) => isTaken)).toBe(true);
  expect(settlements).toHaveLength(3);
});

it('buries a poison event after five attempts with growing rests; its neighbours are taken', async () => {
  const { add, deliveries, settlements, deaths, pass } = setUp({ handler: refusing(second.id) });
  for (const event of [first, second, third, other]) add(event);
  await pass(1000 + 4000 + 16_000 + 60_000 - 1);
  expect(deaths).toEqual([]);
  await pass(1);
  expect(deaths).toEqual([
    {
      messageId: `m-${second.id}`,
      attempts: 5,
      error: `cannot store ${second.id}`,
      diedAt: '1970-01-01T00:01:21.000Z',
    },
  ]);
  expect(deliveries.filter((ids) => ids.includes(second.id))).toHaveLength(5);
  expect(Object.fromEntries(settlements)).toEqual({
    [first.id]: true,
    [second.id]: true,
    [third.id]: true,
    [other.id]: true,
  });
  // What comes after it in its run waits for it, as long as it is not given up.
  expect(settlements.map(([id]) => id)).toEqual([first.id, other.id, second.id, third.id]);
});

it('gives an event back that cannot be buried, after a rest, and what would overtake it', async () => {
  const { add, settlements, pass } = setUp({
    handler: refusing(first.id),
    bury: async () => {
      throw new Error('the topic is away');
    },
  });
  add(first);
  add(second);
  await pass(81_000);
  expect(settlements).toEqual([]);
  await pass(60_000);
  expect(settlements).toEqual([
    [first.id, false],
    [second.id, false],
  ]);
});

it('settles a message that comes again while it is held together with the first, delivered once', async () => {
  let finish = () => {};
  const { add, deliveries, settlements } = setUp({
    handler: () => new Promise<void>((resolve) => (finish = resolve)),
  });
  add(first);
  await settled();
  add(first);
  await settled();
  finish();
  await settled();
  expect(deliveries).toHaveLength(1);
  expect(settlements).toEqual([
    [first.id, true],
    [first.id, true],
  ]);
});

it('buries what is no event at once, and gives it back when even that fails', async () => {
  let isAway = false;
  const { delivery, settlements, deaths, pass } = setUp({
    bury: async ({ id }, death) => {
      if (isAway) throw new Error('the topic is away');
      deaths.push({ messageId: id, ...death });
    },
  });
  const stray = (id: string) => ({
    id,
    data: new Uint8Array(),
    attributes: {},
    publishedAt: '2026-11-05T10:00:00.000Z',
    settle: (isTaken: boolean) => void settlements.push([id, isTaken]),
  });
  delivery.refuse(stray('a'), 'not JSON');
  await settled();
  expect(deaths).toMatchObject([{ messageId: 'a', attempts: 0, error: 'not JSON' }]);
  expect(settlements).toEqual([['a', true]]);
  isAway = true;
  delivery.refuse(stray('b'), 'not JSON');
  await pass(59_999);
  expect(settlements).toHaveLength(1);
  await pass(1);
  expect(settlements[1]).toEqual(['b', false]);
});

it('stops: what is in progress is taken, what rests or waits is given back, what comes later too', async () => {
  let finish = () => {};
  const poison = startedEvent({ runId: '0197a000-0000-7000-8000-000000000003' });
  const { delivery, add, deliveries, settlements } = setUp({
    handler: async ([event]) => {
      if (event?.id === poison.id) throw new Error('never');
      await new Promise<void>((resolve) => (finish = resolve));
    },
  });
  add(poison);
  await settled();
  add(first);
  await settled();
  add(second);
  await settled();
  let isStopped = false;
  const stopping = delivery.stop().then(() => (isStopped = true));
  await settled();
  expect(isStopped).toBe(false);
  expect(Object.fromEntries(settlements)).toEqual({ [poison.id]: false, [second.id]: false });
  finish();
  await stopping;
  add(third);
  expect(Object.fromEntries(settlements)).toEqual({
    [poison.id]: false,
    [second.id]: false,
    [first.id]: true,
    [third.id]: false,
  });
  expect(deliveries).toEqual([[poison.id], [first.id]]);
});

it('stops with a failure in progress: the event is given back, not tried again', async () => {
  let fail = () => {};
  const { delivery, add, deliveries, settlements } = setUp({
    handler: () =>
      new Promise<void>(
        (_resolve, reject) => (fail = () => reject(new Error('the store is away'))),
      ),
  });
  add(first);
  await settled();
  const stopping = delivery.stop();
  fail();
  await stopping;
  expect(settlements).toEqual([[first.id, false]]);
  expect(deliveries).toHaveLength(1);
});
