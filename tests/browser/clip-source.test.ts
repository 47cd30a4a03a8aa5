// The clip source on real files, decoded by the browser.
import { bytesToHex } from '@noble/hashes/utils.js';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { openClip } from '../../src/lib/video/clip-source.ts';
import type { ClipOptions } from '../../src/lib/video/clip-source.ts';
import type { FrameSource } from '../../src/lib/video/frame-source.ts';
import { probeClip } from '../../src/lib/video/probe-clip.ts';
import {
  actorClip,
  hevcClip,
  remuxedActor,
  sharedClip,
  soundOnlyClip,
  webmClip,
} from './made-clips.ts';

const all: ClipOptions = { kind: 'clip', maxFrames: null };

/** Index, presentation time and size of every frame. */
async function readFrames(source: FrameSource) {
  const frames = [];
  for await (const { frame, index, ptsMs, durationMs } of source.frames()) {
    frames.push({ index, ptsMs, durationMs, size: [frame.displayWidth, frame.displayHeight] });
    frame.close();
  }
  return frames;
}

describe('the actor', () => {
  it('gives every frame once, in order', async () => {
    const source = await openClip(await actorClip(), { kind: 'actor', maxFrames: null });
    expect(source.info).toMatchObject({
      kind: 'actor',
      name: 'actor.mp4',
      widthPx: 480,
      heightPx: 640,
      frameCount: 720,
      deliverableFrames: 720,
      truncated: false,
    });
    const frames = await readFrames(source);
    expect(frames.map(({ index }) => index)).toEqual(Array.from({ length: 720 }, (_, i) => i));
    for (const { index, ptsMs, durationMs, size } of frames) {
      expect(Math.abs(ptsMs - (index * 1000) / 30)).toBeLessThan(0.1);
      expect(Math.abs(durationMs - 1000 / 30)).toBeLessThan(0.1);
      expect(size).toEqual([480, 640]);
    }
    source.close();
  });

  it('has a file digest that other tools agree with', async () => {
    const file = await actorClip();
    const source = await openClip(file, { kind: 'actor', maxFrames: 1 });
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
    expect(source.info.sha256).toBe(bytesToHex(digest));
    source.close();
  });
});

describe('a WebM', () => {
  it('gives every frame once, in order', async () => {
    const source = await openClip(await webmClip(50), all);
    expect(source.info).toMatchObject({ widthPx: 64, heightPx: 48, frameCount: 50 });
    const frames = await readFrames(source);
    expect(frames.map(({ ptsMs }) => ptsMs)).toEqual(Array.from({ length: 50 }, (_, i) => 40 * i));
    source.close();
  });
});

describe('the frames digest', () => {
  it('is the same for the same frames, whatever carries them', async () => {
    const digests = [];
    for (const extension of ['mp4', 'mov', 'mkv'] as const) {
      const source = await openClip(await remuxedActor(extension), { ...all, maxFrames: 40 });
      digests.push(source.info.framesDigest);
      source.close();
    }
    const original = await openClip(await actorClip(), { ...all, maxFrames: 40 });
    original.close();
    expect(original.info.deliverableFrames).toBe(40);
    expect(original.info.frameCount).toBe(720);
    // Matroska keeps whole milliseconds, so its frames are not at the same times.
    expect(digests.slice(0, 2)).toEqual([original.info.framesDigest, original.info.framesDigest]);
    expect(digests[2]).not.toBe(original.info.framesDigest);
  });

  it('differs when a frame is missing', async () => {
    const digests = [];
    for (const maxFrames of [10, 11]) {
      const source = await openClip(await actorClip(), { ...all, maxFrames });
      digests.push(source.info.framesDigest);
      source.close();
    }
    expect(digests[0]).not.toBe(digests[1]);
  });
});

describe('a clip filmed sideways', () => {
  it('comes upright', async () => {
    const sideways = await openClip(await remuxedActor('mp4', { packets: 3, rotation: 90 }), all);
    expect(sideways.info).toMatchObject({ widthPx: 640, heightPx: 480 });
    const upright = await openClip(await remuxedActor('mp4', { packets: 3 }), all);
    const [turned, original] = [await firstPixels(sideways), await firstPixels(upright)];
    // Turned clockwise, what was at the bottom left is at the top left.
    expect(colourDistance(turned(20, 20), original(20, 640 - 20))).toBeLessThan(12);
    expect(colourDistance(turned(620, 20), original(20, 20))).toBeLessThan(12);
    sideways.close();
    upright.close();
  });
});

type Colour = readonly [number, number, number];

async function firstPixels(source: FrameSource): Promise<(x: number, y: number) => Colour> {
  const { widthPx, heightPx } = source.info;
  const context = new OffscreenCanvas(widthPx, heightPx).getContext('2d');
  if (!context) throw new Error('There is no 2-D canvas.');
  for await (const { frame } of source.frames()) {
    context.drawImage(frame, 0, 0);
    frame.close();
    break;
  }
  const { data } = context.getImageData(0, 0, widthPx, heightPx);
  return (x, y) => {
    const at = 4 * (y * widthPx + x);
    return [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
  };
}

function colourDistance(a: Colour, b: Colour): number {
  return Math.max(...a.map((value, channel) => Math.abs(value - (b[channel] ?? 0))));
}

describe('a file that breaks off', () => {
  it('gives the frames before the break, and says that it is truncated', async () => {
    const whole = await actorClip();
    const cut = new File([whole.slice(0, whole.size / 2)], 'cut.mp4');
    const source = await openClip(cut, all);
    const { deliverableFrames, frameCount, truncated } = source.info;
    expect(frameCount).toBe(720);
    expect(truncated).toBe(true);
    expect(deliverableFrames).toBeGreaterThan(100);
    expect(deliverableFrames).toBeLessThan(700);
    expect(await readFrames(source)).toHaveLength(deliverableFrames ?? NaN);
    source.close();
  });
});

describe('a file that cannot be used', () => {
  const notVideo = new File(['Dear diary, today I filmed nothing.'], 'diary.mp4');
  const avi = new File(['RIFF\x10\x00\x00\x00AVI LIST'], 'old.avi');

  it.each([
    ['is empty', () => new File([], 'empty.mp4'), 'empty-file', /empty\.mp4 is empty/],
    ['is text', () => notVideo, 'unsupported-container', /none of MP4, MOV, WebM or MKV/],
    ['is an AVI', () => avi, 'unsupported-container', /AVI file.*Convert it to MP4/],
    ['has sound only', soundOnlyClip, 'no-video-track', /song\.mp4 has no video track/],
    ['is HEVC', hevcClip, 'unsupported-codec', /does not support HEVC.*Convert/],
    ['lost its index', headOnly, 'unreadable', /index is missing or damaged/],
  ])('is refused in a sentence when it %s', async (_, make, code, sentence) => {
    const file = await make();
    for (const open of [() => openClip(file, all), () => probeClip(file)]) {
      const failure: unknown = await open().then(
        () => null,
        (cause: unknown) => cause,
      );
      expect(failure).toMatchObject({ name: 'SourceError', code });
      expect(String(failure)).toMatch(sentence);
    }
  });

  async function headOnly(): Promise<File> {
    return new File([(await actorClip()).slice(0, 200)], 'head.mp4');
  }
});

describe('probeClip', () => {
  it('tells what a clip is and shows its first frame', async () => {
    const { firstFrame, ...probe } = await probeClip(await remuxedActor('mp4', { rotation: 90 }));
    expect(probe).toEqual({
      widthPx: 640,
      heightPx: 480,
      durationMs: expect.closeTo(24_000, 0) as number,
      announcedFrames: 720,
    });
    expect(firstFrame.displayWidth).toBe(640);
    firstFrame.close();
  });
});

describe.skipIf(!inject('hasSharedAssets'))('the shared clips', () => {
  it.each([
    ['dance_keith_30fps.mp4', 384, 496, 545],
    ['two_people_walking.mp4', 480, 270, null],
  ])('%s is decoded whole', async (name, widthPx, heightPx, frames) => {
    const source = await openClip(await sharedClip(name), all);
    expect(source.info).toMatchObject({ widthPx, heightPx, truncated: false });
    if (frames !== null) expect(source.info.frameCount).toBe(frames);
    expect(source.info.deliverableFrames).toBe(source.info.frameCount);
    source.close();
  });
});

it.each(['before it is opened', 'while it is inspected'])(
  'says so when the file is changed %s',
  async (moment) => {
    const folder = await navigator.storage.getDirectory();
    const handle = await folder.getFileHandle('edited.mp4', { create: true });
    onTestFinished(() => folder.removeEntry('edited.mp4'));
    async function write(contents: Blob): Promise<void> {
      const stream = await handle.createWritable();
      await stream.write(contents);
      await stream.close();
    }
    const whole = await actorClip();
    const half = whole.slice(0, whole.size / 2);
    await write(whole);
    const file = await handle.getFile();
    if (moment === 'before it is opened') await write(half);
    const changes: Promise<void>[] = [];
    const onProgress = (): void => {
      if (changes.length === 0) changes.push(write(half));
    };
    const failure: unknown = await openClip(file, { ...all, onProgress }).catch(
      (cause: unknown) => cause,
    );
    await Promise.all(changes);
    expect(failure).toMatchObject({ name: 'SourceError', code: 'changed' });
    expect(String(failure)).toMatch(
      /edited\.mp4 can no longer be read because it was changed.*again/,
    );
  },
);

it('can be cancelled while it is inspected', async () => {
  const abort = new AbortController();
  const opening = openClip(await actorClip(), {
    ...all,
    signal: abort.signal,
    onProgress: (decoded) => {
      if (decoded === 5) abort.abort();
    },
  });
  await expect(opening).rejects.toMatchObject({ name: 'AbortError' });
});
