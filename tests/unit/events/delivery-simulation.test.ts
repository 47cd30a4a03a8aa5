// Whatever happens between the outbox and the server: nothing is lost, nothing is set aside without cause,
// and the order within a run is kept.
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest';
import { simulateDelivery } from './delivery-simulation.ts';
import { createVirtualClock } from './virtual-clock.ts';

const SEEDS = 300;
const GROUP = 20;

let clock: ReturnType<typeof createVirtualClock>;
beforeEach(() => {
  clock = createVirtualClock();
  vi.stubGlobal('setTimeout', clock.setTimeout);
  vi.stubGlobal('clearTimeout', clock.clearTimeout);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const totals: Record<string, number> = {};

it.each(Array.from({ length: SEEDS / GROUP }, (_, group) => group * GROUP))(
  'every event arrives or is set aside for cause: seeds from %i',
  async (first) => {
    for (let seed = first; seed < first + GROUP; seed += 1) {
      const { written, taken, setAside, faulty, waiting, complaints, counts } =
        await simulateDelivery(seed, clock);
      const good = written.map(({ id }) => id).filter((id) => !faulty.has(id));
      expect({ seed, complaints, waiting }).toEqual({ seed, complaints: [], waiting: [] });
      expect({ seed, taken: taken.toSorted() }).toEqual({ seed, taken: good.toSorted() });
      expect({ seed, setAside: setAside.toSorted() }).toEqual({
        seed,
        setAside: [...faulty].toSorted(),
      });
      for (const run of new Set(written.map(({ subject }) => subject))) {
        const ofRun = (id: string) => id.startsWith(`${run}/`);
        expect({ seed, run, order: taken.filter(ofRun) }).toEqual({
          seed,
          run,
          order: good.filter(ofRun),
        });
      }
      for (const [what, count] of Object.entries(counts)) {
        totals[what] = Math.max(totals[what] ?? 0, count);
      }
    }
  },
);

afterAll(() => {
  // A simulation in which nothing happens would prove nothing.
  expect(totals['in flight']).toBe(5);
  for (const what of ['lost', 'left', 'rejected', 'too-large', 'unauthorised', 'accepted']) {
    expect({ what, count: totals[what] ?? 0 }).not.toEqual({ what, count: 0 });
  }
});
