// The frames of a source, for a run that can be cancelled at any moment, also while a decoder hangs.
import { SourceError } from '../video/frame-source.ts';
import type { FrameSource, SourceFrame } from '../video/frame-source.ts';

/** Longer than any decoder takes for a frame, in ms: one that takes longer hangs. */
export const SOURCE_STALL_LIMIT_MS = 30_000;

/**
 * The same frames. Throws what the source throws, the signal's reason as soon as it is aborted, and a
 * SourceError when a frame does not come within the limit. A source that hangs is left to itself: what it
 * still gives is closed.
 */
export async function* framesInTime(
  source: FrameSource,
  signal: AbortSignal,
  stallLimitMs = SOURCE_STALL_LIMIT_MS,
): AsyncGenerator<SourceFrame, void, void> {
  const frames = source.frames(signal)[Symbol.asyncIterator]();
  let open: Promise<IteratorResult<SourceFrame, unknown>> | null = null;
  try {
    for (;;) {
      signal.throwIfAborted();
      open = frames.next();
      const next = await inTime(open, source, signal, stallLimitMs);
      open = null;
      if (next.done) return;
      yield next.value;
    }
  } finally {
    if (open) {
      void open.then((next) => next.done || next.value.frame.close()).catch(() => undefined);
      void frames.return?.().catch(() => undefined);
    } else {
      await frames.return?.();
    }
  }
}

async function inTime<T>(
  call: Promise<T>,
  source: FrameSource,
  signal: AbortSignal,
  limitMs: number,
): Promise<T> {
  const end = Promise.withResolvers<never>();
  const onAbort = (): void => end.reject(signal.reason as Error);
  const timer = setTimeout(() => end.reject(stalled(source, limitMs)), limitMs);
  signal.addEventListener('abort', onAbort);
  try {
    return await Promise.race([call, end.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

function stalled({ info }: FrameSource, limitMs: number): SourceError {
  return new SourceError(
    'unreadable',
    `${info.name} gave no frame for ${limitMs / 1000} s, so its decoder counts as hung. Reload the page and run again, or convert the clip.`,
  );
}
