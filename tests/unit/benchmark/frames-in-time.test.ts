import { expect, it } from 'vitest';
import { framesInTime } from '../../../src/lib/benchmark/frames-in-time.ts';
import type { FrameSource, SourceFrame } from '../../../src/lib/video/frame-source.ts';
import { fakeRun } from '../../fixtures/fake-run.ts';

const LIMIT_MS = 20;

/** A source whose third frame comes when it is let go. */
function hangingSource() {
  const { source, ledger } = fakeRun({ frames: 5 });
  const held = Promise.withResolvers<undefined>();
  const hanging: FrameSource = {
    ...source,
    async *frames() {
      for await (const frame of source.frames()) {
        if (frame.index === 2) await held.promise;
        yield frame;
      }
    },
  };
  return { source: hanging, ledger, letGo: () => held.resolve(undefined) };
}

async function collect(frames: AsyncIterable<SourceFrame>, indices: number[]): Promise<void> {
  for await (const { frame, index } of frames) {
    frame.close();
    indices.push(index);
  }
}

it('gives what the source gives', async () => {
  const { source, ledger } = fakeRun({ frames: 5 });
  const indices: number[] = [];
  await collect(framesInTime(source, new AbortController().signal), indices);
  expect(indices).toEqual([0, 1, 2, 3, 4]);
  expect(ledger.open).toBe(0);
});

it('ends when the source hangs, and closes what it gives afterwards', async () => {
  const { source, ledger, letGo } = hangingSource();
  const indices: number[] = [];
  const frames = framesInTime(source, new AbortController().signal, LIMIT_MS);
  await expect(collect(frames, indices)).rejects.toThrow('gave no frame for 0.02 s');
  expect(indices).toEqual([0, 1]);
  letGo();
  await expect.poll(() => ledger.open).toBe(0);
});

it('ends at once when it is aborted, also while the source hangs', async () => {
  const { source, ledger, letGo } = hangingSource();
  const abort = new AbortController();
  const indices: number[] = [];
  const collecting = collect(framesInTime(source, abort.signal), indices);
  setTimeout(() => abort.abort(new Error('Enough.')), LIMIT_MS);
  await expect(collecting).rejects.toThrow('Enough.');
  letGo();
  await expect.poll(() => ledger.open).toBe(0);
});
