// A camera as a FrameSource: what it sees now, upright, at its own pace. How its frames are got from the
// browser: camera-frames.ts.
import { cameraRefusal } from './camera-refusal.ts';
import { readCameraFrames } from './camera-frames.ts';
import { SourceError } from './frame-source.ts';
import type { FrameSource, SourceFrame, SourceInfo } from './frame-source.ts';
import { takeUprightCameraFrame } from './upright-frame.ts';

const US_PER_MS = 1000;
const MS_PER_SECOND = 1000;
/** As long as an event takes it. */
const MAX_NAME_LENGTH = 255;
/** What cameras give by default; used where neither frame nor track say. In frames per second. */
const USUAL_FPS = 30;

/** Which camera: one that is to be opened, or a track that is open already and stays its owner's to stop. */
export type CameraChoice = MediaTrackConstraints | MediaStreamTrack;

/** How a camera is opened. */
export type CameraOptions = {
  readonly signal?: AbortSignal;
  /** How long no picture may come before the camera counts as lost, in ms; for tests. */
  readonly stallLimitMs?: number;
};

/**
 * Opens a camera and waits for its first picture, which tells its size. Asks the user for permission where
 * the browser wants that. Throws a SourceError when there is no camera to be had. Its frames end with a
 * SourceError: `camera-lost` when it is unplugged, taken away or gives no more pictures, `changed` when its
 * pictures change their size, as when a phone is turned.
 */
export async function openCamera(
  choice: CameraChoice,
  options: CameraOptions = {},
): Promise<FrameSource> {
  const { signal } = options;
  signal?.throwIfAborted();
  const isOurs = !(choice instanceof MediaStreamTrack);
  const track = isOurs ? await requestCamera(choice) : choice;
  const closed = new AbortController();
  const close = (): void => {
    closed.abort(lost(track, 'it was closed'));
    if (isOurs) track.stop();
  };
  try {
    const pictures = (abort?: AbortSignal): AsyncIterable<VideoFrame> =>
      readCameraFrames(track, {
        ...options,
        signal: AbortSignal.any([closed.signal, ...(abort ? [abort] : [])]),
        lost: (why) => lost(track, why),
      });
    const info = await describe(track, pictures(signal));
    return { info, frames: (abort) => frames(track, info, pictures(abort)), close };
  } catch (cause) {
    close();
    throw cause;
  }
}

async function requestCamera(constraints: MediaTrackConstraints): Promise<MediaStreamTrack> {
  // Typed as if it were always there; pages that are not secure have none.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) throw cameraRefusal(new DOMException('', 'SecurityError'));
  const stream = await devices.getUserMedia({ video: constraints }).catch((cause: unknown) => {
    throw cameraRefusal(cause);
  });
  const [track] = stream.getVideoTracks();
  if (!track) throw cameraRefusal(new DOMException('', 'NotFoundError'));
  return track;
}

async function describe(
  track: MediaStreamTrack,
  pictures: AsyncIterable<VideoFrame>,
): Promise<SourceInfo> {
  for await (const picture of pictures) {
    const frame = takeUprightCameraFrame(picture);
    const [widthPx, heightPx] = [frame.displayWidth, frame.displayHeight];
    frame.close();
    return {
      kind: 'camera',
      name: nameOf(track),
      sha256: null,
      widthPx,
      heightPx,
      frameCount: null,
      deliverableFrames: null,
      framesDigest: null,
      truncated: false,
    };
  }
  throw lost(track, 'it gave no picture');
}

async function* frames(
  track: MediaStreamTrack,
  { name, widthPx, heightPx }: SourceInfo,
  pictures: AsyncIterable<VideoFrame>,
): AsyncGenerator<SourceFrame, void, void> {
  let index = 0;
  let lastPtsMs: number | null = null;
  for await (const picture of pictures) {
    const frame = takeUprightCameraFrame(picture);
    if (frame.displayWidth !== widthPx || frame.displayHeight !== heightPx) {
      const size = `${widthPx} × ${heightPx} to ${frame.displayWidth} × ${frame.displayHeight}`;
      frame.close();
      throw new SourceError(
        'changed',
        `${name} changed its pictures from ${size} pixels during the run, so they can no longer be compared. Keep the device and its window as they are and run again.`,
      );
    }
    const ptsMs = frame.timestamp / US_PER_MS;
    yield { frame, index, ptsMs, durationMs: durationOf(frame, ptsMs, lastPtsMs, track) };
    lastPtsMs = ptsMs;
    index += 1;
  }
}

/** What the frame says; else the time since the one before, as cameras slow down in the dark; else the track's rate. */
function durationOf(
  { duration }: VideoFrame,
  ptsMs: number,
  lastPtsMs: number | null,
  track: MediaStreamTrack,
): number {
  if (duration) return duration / US_PER_MS;
  if (lastPtsMs !== null) return ptsMs - lastPtsMs;
  return MS_PER_SECOND / (track.getSettings().frameRate || USUAL_FPS);
}

function nameOf({ label }: MediaStreamTrack): string {
  return (label || 'The camera').slice(0, MAX_NAME_LENGTH);
}

function lost(track: MediaStreamTrack, why: string): SourceError {
  return new SourceError(
    'camera-lost',
    `${nameOf(track)} gives no more pictures because ${why}. Check that it is plugged in and not used by another application, and run again.`,
  );
}
