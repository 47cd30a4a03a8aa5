// Pictures as a source of frames, decoded by the browser.
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, inject, it } from 'vitest';
import type { FrameSource } from '../../src/lib/video/frame-source.ts';
import { openImages } from '../../src/lib/video/image-source.ts';
import { halves, halvesBmp, transparentPng, withOrientation } from './made-images.ts';
import type { Rgb } from './made-images.ts';

const all = { maxFrames: null };
const RED: Rgb = [200, 30, 30];
const BLUE: Rgb = [30, 30, 200];
const wide = { width: 64, height: 48, left: RED, right: BLUE };
/** Difference of a channel that a lossy codec may make, of 255. */
const LOSS = 12;

/** What each frame is, and the colours of its top left and bottom right corners. */
async function readFrames(source: FrameSource) {
  const frames = [];
  for await (const { frame, index, ptsMs, durationMs } of source.frames()) {
    const [width, height] = [frame.displayWidth, frame.displayHeight];
    const context = new OffscreenCanvas(width, height).getContext('2d');
    if (!context) throw new Error('There is no 2-D canvas.');
    context.drawImage(frame, 0, 0);
    const colourAt = (x: number, y: number) => [...context.getImageData(x, y, 1, 1).data];
    const corners = [colourAt(2, 2), colourAt(width - 3, height - 3)] as const;
    frames.push({ index, ptsMs, durationMs, timestamp: frame.timestamp, width, height, corners });
    frame.close();
  }
  return frames;
}

function expectColour(actual: readonly number[], expected: Rgb): void {
  const apart = expected.map((value, channel) => Math.abs(value - (actual[channel] ?? NaN)));
  expect(Math.max(...apart), `${actual.join()} for ${expected.join()}`).toBeLessThan(LOSS);
}

describe('pictures', () => {
  it('are one frame each, in the order of their names, whatever their format and size', async () => {
    const source = await openImages(
      [
        halvesBmp('d.bmp', wide),
        await halves('b.png', 'image/png', { ...wide, width: 32 }),
        await halves('c.webp', 'image/webp', { ...wide, height: 80 }),
        await halves('a.jpg', 'image/jpeg', wide),
      ],
      all,
    );
    expect(source.fileNames).toEqual(['a.jpg', 'b.png', 'c.webp', 'd.bmp']);
    expect(source.info).toMatchObject({
      kind: 'images',
      name: '4 images',
      widthPx: 64,
      heightPx: 80,
      frameCount: 4,
      deliverableFrames: 4,
      truncated: false,
    });
    const frames = await readFrames(source);
    expect(frames).toMatchObject([
      { index: 0, ptsMs: 0, durationMs: 40, timestamp: 0, width: 64, height: 48 },
      { index: 1, ptsMs: 40, durationMs: 40, timestamp: 40_000, width: 32, height: 48 },
      { index: 2, ptsMs: 80, durationMs: 40, timestamp: 80_000, width: 64, height: 80 },
      { index: 3, ptsMs: 120, durationMs: 40, timestamp: 120_000, width: 64, height: 48 },
    ]);
    for (const { corners } of frames) {
      expectColour(corners[0], RED);
      expectColour(corners[1], BLUE);
    }
    expect(await readFrames(source)).toEqual(frames);
  });

  it('taken sideways come upright', async () => {
    const sideways = await withOrientation(await halves('phone.jpg', 'image/jpeg', wide), 6);
    const source = await openImages([sideways], all);
    expect(source.info).toMatchObject({ name: '1 image', widthPx: 48, heightPx: 64 });
    const [frame] = await readFrames(source);
    expect(frame).toMatchObject({ width: 48, height: 64 });
    // Turned clockwise, what was on the left is at the top.
    expectColour(frame!.corners[0], RED);
    expectColour(frame!.corners[1], BLUE);
  });

  it('have black where they are transparent', async () => {
    const [frame] = await readFrames(await openImages([await transparentPng('hole.png')], all));
    expect(frame?.corners).toEqual([
      [0, 0, 0, 255],
      [0, 0, 0, 255],
    ]);
  });

  it('are delivered up to the limit, by name', async () => {
    const files = await Promise.all(
      ['3.png', '1.png', '2.png'].map((name) => halves(name, 'image/png', wide)),
    );
    const source = await openImages(files, { maxFrames: 2 });
    expect(source.info).toMatchObject({ name: '3 images', frameCount: 3, deliverableFrames: 2 });
    expect(source.fileNames).toEqual(['1.png', '2.png']);
    expect(await readFrames(source)).toHaveLength(2);
  });

  it('tell how far the inspection is, and stop when asked', async () => {
    const files = [halvesBmp('a.bmp', wide), halvesBmp('b.bmp', wide)];
    const progress: number[][] = [];
    const stop = new AbortController();
    const opening = openImages(files, {
      ...all,
      signal: stop.signal,
      onProgress(decoded, expected) {
        progress.push([decoded, expected]);
        stop.abort(new Error('enough'));
      },
    });
    await expect(opening).rejects.toThrow('enough');
    expect(progress).toEqual([[1, 2]]);
  });
});

describe('digests', () => {
  it('of the frames depend on pixels and order, not on the format', async () => {
    const png = await halves('a.png', 'image/png', wide);
    const mirrored = halvesBmp('b.bmp', { ...wide, left: BLUE, right: RED });
    const digestOf = async (...files: File[]) => (await openImages(files, all)).info.framesDigest;
    const renamed = new File([mirrored], '0.bmp');

    expect(await digestOf(halvesBmp('a.bmp', wide), mirrored)).toBe(await digestOf(png, mirrored));
    expect(await digestOf(png, renamed)).not.toBe(await digestOf(png, mirrored));
    expect(await digestOf(png)).not.toBe(await digestOf(mirrored));
    const first = await openImages([png, mirrored], { maxFrames: 1 });
    expect(first.info.framesDigest).toBe(await digestOf(png));
  });

  it('of the files are those of `sha256sum FILES | sha256sum`', async () => {
    const files = [halvesBmp('a.bmp', wide), await halves('b.png', 'image/png', wide)];
    const hex = async (data: Uint8Array<ArrayBuffer> | ArrayBuffer) =>
      bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', data)));
    const lines = await Promise.all(
      files.map(async (file) => `${await hex(await file.arrayBuffer())}  ${file.name}\n`),
    );
    const { info } = await openImages(files.toReversed(), all);
    expect(info.sha256).toBe(await hex(new TextEncoder().encode(lines.join(''))));
  });
});

describe('files that are no pictures', () => {
  const good = halvesBmp('good.bmp', wide);

  it.each([
    ['empty', () => new File([], 'nothing.jpg'), 'empty-file', /nothing\.jpg is empty/],
    [
      'text',
      () => new File(['Dear diary'], 'diary.png'),
      'unreadable',
      /diary\.png cannot be read/,
    ],
    ['cut off', cutJpeg, 'unreadable', /cut\.jpg cannot be read.*damaged/],
  ])('are named before the run: %s', async (_, make, code, sentence) => {
    const failure: unknown = await openImages([good, await make()], all).then(
      () => null,
      (cause: unknown) => cause,
    );
    expect(failure).toMatchObject({ name: 'SourceError', code });
    expect(String(failure)).toMatch(sentence);
  });

  it('are not missed when there are none at all', async () => {
    await expect(openImages([], all)).rejects.toThrow('No picture was chosen');
  });

  async function cutJpeg(): Promise<File> {
    const whole = await halves('whole.jpg', 'image/jpeg', wide);
    return new File([whole.slice(0, whole.size / 3)], 'cut.jpg');
  }
});

describe.skipIf(!inject('hasSharedAssets'))('the shared photographs', () => {
  it('are read as they are', async () => {
    const names = ['000000000785.jpg', '000000060623.jpg'];
    const files = await Promise.all(
      names.map((name) => sharedImage(`gt/coco-permissive/images/${name}`, name)),
    );
    const bitmap = await sharedImage('images/coral_squat.bmp', 'coral_squat.bmp');
    const source = await openImages([bitmap, ...files], all);
    expect(source.fileNames).toEqual([...names, 'coral_squat.bmp']);
    expect((await readFrames(source))[0]).toMatchObject({ width: 640, height: 425 });
  });

  it('are refused where one is cut off half-way', async () => {
    const whole = await sharedImage('gt/coco-permissive/images/000000000785.jpg', 'whole.jpg');
    const half = new File([whole.slice(0, whole.size / 2)], 'half.jpg');
    await expect(openImages([half], all)).rejects.toThrow(/half\.jpg cannot be read.*damaged/);
  });

  async function sharedImage(path: string, name: string): Promise<File> {
    const response = await fetch(`/fixtures/${path}`);
    if (!response.ok) throw new Error(`The shared ${path} is not served to the tests.`);
    return new File([await response.blob()], name);
  }
});
