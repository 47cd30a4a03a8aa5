import { expect, it } from 'vitest';
import type { FrameSample } from '../../../src/lib/benchmark/run-result.ts';
import { createLiveReadout } from '../../../src/lib/ui/measure/live-readout.ts';

/** A frame that was done then; of the rest the readout takes no notice. */
function frame(index: number): FrameSample {
  return { index, doneMs: (index + 1) * 40, endToEndMs: 20 + (index % 3) } as FrameSample;
}

it('tells of the last second', () => {
  const readout = createLiveReadout({ frames: 200, durationMs: null });
  for (let index = 0; index < 100; index += 1) readout.add(frame(index));
  readout.drop();
  expect(readout.read()).toEqual({
    processed: 100,
    planned: 200,
    dropped: 1,
    share: 0.5,
    fps: 25,
    latencyMs: 21,
    timeLeftMs: 4000,
  });
  // A moment later.
  expect(readout.read()).toBeNull();
});

it('keeps little of a run that nobody watches', () => {
  const filtered = onEachFilter();
  const readout = createLiveReadout({ frames: null, durationMs: 3_600_000 });
  for (let index = 0; index < 5000; index += 1) readout.add(frame(index));
  readout.read();
  filtered.stop();
  expect(filtered.lengths.length).toBeGreaterThan(10);
  expect(Math.max(...filtered.lengths)).toBeLessThanOrEqual(60);
});

/** Notes how long every list is that is filtered: the readout's own are seen nowhere else. */
function onEachFilter() {
  const original = Reflect.get(Array.prototype, 'filter') as () => unknown[];
  const lengths: number[] = [];
  const noting = new Proxy(original, {
    apply(target, self: unknown[], args: []) {
      lengths.push(self.length);
      return Reflect.apply(target, self, args);
    },
  });
  Reflect.set(Array.prototype, 'filter', noting);
  return { lengths, stop: () => Reflect.set(Array.prototype, 'filter', original) };
}
