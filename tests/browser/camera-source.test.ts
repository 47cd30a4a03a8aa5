// Cameras as the browser has them: Chromium's own fake device, and tracks made here that do what cameras do.
import { afterEach, describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { openCamera } from '../../src/lib/video/camera-source.ts';
import type { CameraChoice, CameraOptions } from '../../src/lib/video/camera-source.ts';
import type { FrameSource, SourceFrame } from '../../src/lib/video/frame-source.ts';

/** A test that waits for a camera to be given up must not wait for as long as a user would. */
const STALL_LIMIT_MS = 400;
/** From one picture of a made track to the next. */
const PICTURE_MS = 20;
/** More than anybody should keep. */
const PAUSE_PICTURES = 25;

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

async function open(choice: CameraChoice, options?: CameraOptions): Promise<FrameSource> {
  const camera = await openCamera(choice, options);
  onTestFinished(() => camera.close());
  return camera;
}

/** The next frames; closes them. `onFrame` is called for each before the next one is asked for. */
async function take(camera: FrameSource, count: number, onFrame?: (frame: SourceFrame) => unknown) {
  const taken: Omit<SourceFrame, 'frame'>[] = [];
  for await (const frame of camera.frames()) {
    const { frame: picture, ...rest } = frame;
    await onFrame?.(frame);
    picture.close();
    taken.push(rest);
    if (taken.length === count) break;
  }
  return taken;
}

function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (cause: unknown) => cause,
  );
}

/** A track that shows what is written, as long as it is written. */
function makeTrack() {
  const generator = new MediaStreamTrackGenerator({ kind: 'video' });
  const writer = generator.writable.getWriter();
  let shown = 0;
  /** Left half white, right half black. */
  async function show(widthPx: number, heightPx: number, rotation = 0): Promise<void> {
    const canvas = new OffscreenCanvas(widthPx, heightPx);
    const context = canvas.getContext('2d');
    if (!context) throw new Error('There is no 2-D canvas.');
    context.fillRect(0, 0, widthPx, heightPx);
    context.fillStyle = 'white';
    context.fillRect(0, 0, widthPx / 2, heightPx);
    const init = { timestamp: 1000 * PICTURE_MS * shown, rotation };
    shown += 1;
    await writer.write(new VideoFrame(canvas, init));
  }
  let timer: ReturnType<typeof setInterval>;
  function keepShowing(...picture: Parameters<typeof show>): void {
    clearInterval(timer);
    timer = setInterval(() => void show(...picture).catch(() => undefined), PICTURE_MS);
  }
  onTestFinished(() => {
    clearInterval(timer);
    generator.stop();
  });
  return {
    track: generator,
    keepShowing,
    end: () => writer.close(),
    pictures: () => shown,
    pause: () => clearInterval(timer),
  };
}

it('asks again for a picture that a video element announces before it has it', async () => {
  vi.stubGlobal('MediaStreamTrackProcessor', undefined);
  let refusals = 0;
  class LateVideoFrame extends VideoFrame {
    constructor(...[source, init]: ConstructorParameters<typeof VideoFrame>) {
      if (source instanceof HTMLVideoElement && refusals < 2) {
        refusals += 1;
        throw new DOMException('Invalid source state', 'InvalidStateError');
      }
      super(source, init);
    }
  }
  vi.stubGlobal('VideoFrame', LateVideoFrame);
  const camera = await open({});
  const frames = await take(camera, 2);
  expect(refusals).toBe(2);
  expect(frames.map(({ index }) => index)).toEqual([0, 1]);
});

describe.each([
  ['its track', false],
  ['a video element, where tracks cannot be read', true],
])('a camera read through %s', (_, throughElement) => {
  function choosePath(): void {
    if (throughElement) vi.stubGlobal('MediaStreamTrackProcessor', undefined);
  }

  it('gives what it sees, in order, at its own pace', async () => {
    choosePath();
    const camera = await open({});
    expect(camera.info).toMatchObject({
      kind: 'camera',
      sha256: null,
      frameCount: null,
      deliverableFrames: null,
      framesDigest: null,
      truncated: false,
    });
    const frames = await take(camera, 8, ({ frame }) => {
      expect([frame.displayWidth, frame.displayHeight]).toEqual([
        camera.info.widthPx,
        camera.info.heightPx,
      ]);
    });
    expect(frames.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    for (const [i, { ptsMs, durationMs }] of frames.entries()) {
      expect(ptsMs).toBeGreaterThan(frames[i - 1]?.ptsMs ?? -Infinity);
      expect(durationMs).toBeGreaterThan(0);
    }
  });

  it('does not pile up frames while nobody asks', async () => {
    choosePath();
    const { track, keepShowing, pictures } = makeTrack();
    keepShowing(64, 48);
    const camera = await open(track);
    const paused = async (): Promise<void> => {
      const until = pictures() + PAUSE_PICTURES;
      await expect.poll(pictures, { interval: 20 }).toBeGreaterThan(until);
    };
    const [first, , third] = await take(camera, 3, ({ index }) => (index === 0 ? paused() : null));
    // Had they piled up, the third would be the next but one.
    const spanMs = (third?.ptsMs ?? NaN) - (first?.ptsMs ?? NaN);
    expect(spanMs).toBeGreaterThan((PAUSE_PICTURES / 2) * PICTURE_MS);
  });

  it('serves several readers at once', async () => {
    choosePath();
    const { track, keepShowing } = makeTrack();
    keepShowing(64, 48);
    const camera = await open(track);
    const [one, other] = await Promise.all([take(camera, 5), take(camera, 5)]);
    expect([one.length, other.length]).toEqual([5, 5]);
  });

  it('is lost when it is unplugged', async () => {
    choosePath();
    const { track, keepShowing, end } = makeTrack();
    keepShowing(64, 48);
    const camera = await open(track, { stallLimitMs: 3000 });
    const failure = await failureOf(take(camera, 100, ({ index }) => (index === 3 ? end() : null)));
    expect(failure).toMatchObject({ name: 'SourceError', code: 'camera-lost' });
    expect(String(failure)).toContain('it was unplugged or taken away');
  });

  it('is lost when no picture comes', async () => {
    choosePath();
    const { track, keepShowing, pause } = makeTrack();
    keepShowing(64, 48);
    const camera = await open(track, { stallLimitMs: STALL_LIMIT_MS });
    const failure = await failureOf(
      take(camera, 100, ({ index }) => (index === 3 ? pause() : null)),
    );
    expect(failure).toMatchObject({ name: 'SourceError', code: 'camera-lost' });
    expect(String(failure)).toContain('no picture came for 0.4 s');
  });

  it('is another source when its pictures change their size', async () => {
    choosePath();
    const { track, keepShowing } = makeTrack();
    keepShowing(64, 48);
    const camera = await open(track);
    expect(camera.info).toMatchObject({ widthPx: 64, heightPx: 48 });
    const failure = await failureOf(
      take(camera, 100, ({ index }) => (index === 3 ? keepShowing(48, 64) : null)),
    );
    expect(failure).toMatchObject({ name: 'SourceError', code: 'changed' });
    expect(String(failure)).toContain('from 64 × 48 to 48 × 64 pixels');
  });

  it('can be aborted while it is waited for', async () => {
    choosePath();
    const { track, keepShowing, pause } = makeTrack();
    keepShowing(64, 48);
    const camera = await open(track);
    pause();
    const abort = new AbortController();
    const waiting = failureOf(
      (async () => {
        for await (const { frame } of camera.frames(abort.signal)) frame.close();
      })(),
    );
    setTimeout(() => abort.abort(new Error('Enough.')), 200);
    expect(String(await waiting)).toContain('Enough.');
    // A track that was handed in is not ours to stop.
    camera.close();
    expect(track.readyState).toBe('live');
  });
});

it('is upright when the frame says that it is turned', async () => {
  const { track, keepShowing } = makeTrack();
  keepShowing(64, 48, 90);
  const camera = await open(track);
  expect(camera.info).toMatchObject({ widthPx: 48, heightPx: 64 });
  const context = new OffscreenCanvas(48, 64).getContext('2d', { willReadFrequently: true });
  await take(camera, 1, ({ frame }) => context?.drawImage(frame, 0, 0));
  const brightness = (x: number, y: number) => context?.getImageData(x, y, 1, 1).data[0] ?? NaN;
  // Turned clockwise, what was on the left is at the top.
  expect(brightness(24, 8)).toBeGreaterThan(200);
  expect(brightness(24, 56)).toBeLessThan(55);
});

describe.skipIf(!inject('hasSharedAssets'))("the tests' fake camera", () => {
  it('shows the shared film', async () => {
    const camera = await open({ width: 480, height: 270 });
    expect(camera.info).toMatchObject({ widthPx: 480, heightPx: 270 });
  });
});

describe('a camera that cannot be had', () => {
  it('is refused in a sentence when the device has none that fits', async () => {
    const failure = await failureOf(openCamera({ deviceId: { exact: 'none of ours' } }));
    expect(failure).toMatchObject({ name: 'SourceError', code: 'no-camera' });
  });

  it('is refused in a sentence when the page is not secure', async () => {
    vi.spyOn(navigator, 'mediaDevices', 'get').mockReturnValue(undefined as never);
    const failure = await failureOf(openCamera({}));
    expect(failure).toMatchObject({ name: 'SourceError', code: 'insecure-page' });
  });

  it('is not asked for when that was aborted before', async () => {
    const ask = vi.spyOn(navigator.mediaDevices, 'getUserMedia');
    const signal = AbortSignal.abort(new Error('Enough.'));
    await expect(openCamera({}, { signal })).rejects.toThrow('Enough.');
    expect(ask).not.toHaveBeenCalled();
  });

  it('is stopped when it was opened here', async () => {
    const ask = vi.spyOn(navigator.mediaDevices, 'getUserMedia');
    const camera = await openCamera({});
    const stream = (await ask.mock.results[0]?.value) as MediaStream;
    expect(stream.getVideoTracks()[0]?.readyState).toBe('live');
    expect(camera.info.name).toBe(stream.getVideoTracks()[0]?.label);
    camera.close();
    expect(stream.getVideoTracks()[0]?.readyState).toBe('ended');
    await expect(take(camera, 1)).rejects.toMatchObject({ code: 'camera-lost' });
  });
});
