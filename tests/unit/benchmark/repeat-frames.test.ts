import { expect, it } from 'vitest';
import { repeatFrames } from '../../../src/lib/benchmark/repeat-frames.ts';
import type { FrameSource } from '../../../src/lib/video/frame-source.ts';
import { fakeRun } from '../../fixtures/fake-run.ts';

/** The timestamps of the first frames of a source whose frames have these times. */
async function timestampsOf(ptsMs: readonly number[], count: number): Promise<number[]> {
  const { source, ledger } = fakeRun({ frames: 1 });
  const timed: FrameSource = {
    ...source,
    async *frames() {
      for (const [index, pts] of ptsMs.entries()) {
        yield { frame: ledger.frame(), index, ptsMs: pts, durationMs: 40 };
      }
    },
  };
  const timestamps: number[] = [];
  const options = { repeats: true, signal: new AbortController().signal };
  for await (const { frame, timestampMs } of repeatFrames(timed, options)) {
    frame.close();
    timestamps.push(timestampMs);
    if (timestamps.length === count) break;
  }
  expect(ledger.open).toBe(0);
  return timestamps;
}

it('begins at 0 and goes on from pass to pass', async () => {
  expect(await timestampsOf([500, 540, 580], 7)).toEqual([0, 40, 80, 120, 160, 200, 240]);
});

it('grows also where a camera gives two pictures the same time, or one an earlier', async () => {
  expect(await timestampsOf([500, 533, 533, 566, 550, 600], 6)).toEqual([0, 33, 34, 66, 67, 100]);
  // Two that round to the same ms are one to MediaPipe.
  expect(await timestampsOf([500, 520.75, 521.25, 560], 4)).toEqual([0, 20.75, 21.75, 60]);
});
