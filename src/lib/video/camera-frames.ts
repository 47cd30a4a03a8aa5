// Pictures of a camera's track, as the browser can give them: from the track itself, or else from a video
// element that plays it. Neither keeps more than the newest picture that nobody has asked for yet.
import type { SourceError } from './frame-source.ts';

const US_PER_MS = 1000;

/** Longer than any camera pauses, as when it adjusts to the light, in ms. */
const STALL_LIMIT_MS = 5000;

/** How a track is read. */
export type CameraReadOptions = {
  readonly signal: AbortSignal;
  readonly stallLimitMs?: number;
  /** The error for a camera that gives no more pictures; completes "because …". */
  readonly lost: (why: string) => SourceError;
};

/** One reader of a track. `next` gives null when the track has ended. */
type PictureReader = {
  readonly next: () => Promise<VideoFrame | null>;
  /** Ends it; a `next` that waits gives null. */
  readonly stop: () => void;
};

/**
 * The pictures from now on; the consumer closes each. Throws `lost` when the track ends or nothing comes for
 * too long, and the signal's reason when aborted, also while it waits. Leaves the track as it is.
 */
export async function* readCameraFrames(
  track: MediaStreamTrack,
  { signal, stallLimitMs = STALL_LIMIT_MS, lost }: CameraReadOptions,
): AsyncGenerator<VideoFrame, void, void> {
  signal.throwIfAborted();
  const reader =
    typeof MediaStreamTrackProcessor === 'function' ? readTrack(track) : readElement(track);
  let hasStalled = false;
  signal.addEventListener('abort', reader.stop);
  try {
    for (;;) {
      const stall = setTimeout(() => {
        hasStalled = true;
        reader.stop();
      }, stallLimitMs);
      const picture = await reader.next().finally(() => clearTimeout(stall));
      if (signal.aborted || hasStalled) picture?.close();
      signal.throwIfAborted();
      if (hasStalled) throw lost(`no picture came for ${stallLimitMs / 1000} s`);
      if (!picture) throw lost('it was unplugged or taken away');
      yield picture;
    }
  } finally {
    signal.removeEventListener('abort', reader.stop);
    reader.stop();
  }
}

/** Chromium: straight from the track. */
function readTrack(track: MediaStreamTrack): PictureReader {
  const processor = new MediaStreamTrackProcessor({
    track: track as MediaStreamVideoTrack,
    maxBufferSize: 1,
  });
  const reader = processor.readable.getReader();
  return {
    next: async () => (await reader.read()).value ?? null,
    // Cancelling closes what is buffered and ends a read that waits.
    stop: () => void reader.cancel().catch(() => undefined),
  };
}

/** Elsewhere: a video element that is on no page plays the track, and each picture it shows is copied. */
function readElement(track: MediaStreamTrack): PictureReader {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = new MediaStream([track]);
  let hasEnded = false;
  let wake = (): void => undefined;
  const onEnd = (): void => {
    hasEnded = true;
    wake();
  };
  track.addEventListener('ended', onEnd);
  // A refusal to play shows in that no picture comes.
  video.play().catch(() => undefined);

  return {
    async next() {
      const shown = Promise.withResolvers<VideoFrame | null>();
      wake = () => shown.resolve(null);
      if (hasEnded || track.readyState === 'ended') return null;
      let request = 0;
      const ask = (): void => {
        request = video.requestVideoFrameCallback((nowMs, { captureTime }) => {
          const picture = copyOf(video, (captureTime ?? nowMs) * US_PER_MS);
          if (picture) shown.resolve(picture);
          else ask();
        });
      };
      ask();
      const picture = await shown.promise;
      video.cancelVideoFrameCallback(request);
      return picture;
    },
    stop() {
      onEnd();
      track.removeEventListener('ended', onEnd);
      video.srcObject = null;
    },
  };
}

/** Null while the element has nothing to show, which it may say of a picture it has just announced. */
function copyOf(video: HTMLVideoElement, timestamp: number): VideoFrame | null {
  try {
    return new VideoFrame(video, { timestamp });
  } catch {
    return null;
  }
}
