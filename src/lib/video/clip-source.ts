// A local video file as a FrameSource: every frame in presentation order, decoded by WebCodecs.
// The file is decoded once before the run, to count and digest its frames; that pass is never timed.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { VideoSampleSink } from 'mediabunny';
import type { VideoSample } from 'mediabunny';
import { findChange, openClipFile } from './clip-file.ts';
import type { ClipFile } from './clip-file.ts';
import { SourceError } from './frame-source.ts';
import type { FrameSource, SourceFrame, SourceInfo } from './frame-source.ts';
import { createFramesDigest } from './frames-digest.ts';
import { takeUprightFrame } from './upright-frame.ts';

const MS_PER_SECOND = 1000;
/** As long as file systems let a name be, and as an event takes it. */
const MAX_NAME_LENGTH = 255;

/** How a clip is opened. */
export type ClipOptions = {
  readonly kind: SourceInfo['kind'];
  /** Frames to deliver from the start; null for all. The digest covers just these. */
  readonly maxFrames: number | null;
  readonly signal?: AbortSignal;
  /** Told while the file is inspected: frames decoded so far and frames expected. */
  readonly onProgress?: (decodedFrames: number, expectedFrames: number) => void;
};

/**
 * Opens and inspects a file. Throws a SourceError when not a single frame of it can be decoded;
 * a file that breaks off later is delivered up to the break and its info says `truncated`.
 */
export async function openClip(file: File, options: ClipOptions): Promise<FrameSource> {
  const clip = await openClipFile(file);
  try {
    const { info, deliverableFrames } = await inspect(file, clip, options);
    return {
      info,
      frames: () => frames(file, clip, deliverableFrames),
      close: () => clip.input.dispose(),
    };
  } catch (cause) {
    clip.input.dispose();
    throw cause;
  }
}

async function inspect(
  file: File,
  clip: ClipFile,
  options: ClipOptions,
): Promise<{ readonly info: SourceInfo; readonly deliverableFrames: number }> {
  const { signal, maxFrames, onProgress } = options;
  const { track, announcedFrames } = clip;
  const expectedFrames = Math.min(announcedFrames, maxFrames ?? Infinity);
  const digest = createFramesDigest();
  let decoded = 0;
  try {
    for await (const sample of samples(clip, expectedFrames)) {
      try {
        signal?.throwIfAborted();
        await digest.add(decoded, sample.microsecondTimestamp, sample);
      } finally {
        sample.close();
      }
      decoded += 1;
      onProgress?.(decoded, expectedFrames);
    }
  } catch (cause) {
    signal?.throwIfAborted();
    const change = await findChange(file);
    if (change) throw change;
    // A file that breaks off is used up to the break; the verdict will say so.
    if (decoded === 0) throw undecodable(file, cause);
  }
  if (decoded === 0) throw undecodable(file, new Error('it holds no frames'));

  const info: SourceInfo = {
    kind: options.kind,
    name: file.name.slice(0, MAX_NAME_LENGTH),
    sha256: await fileDigest(file),
    widthPx: await track.getDisplayWidth(),
    heightPx: await track.getDisplayHeight(),
    frameCount: announcedFrames,
    deliverableFrames: decoded,
    framesDigest: await digest.finish(),
    truncated: decoded < expectedFrames,
  };
  return { info, deliverableFrames: decoded };
}

async function* frames(
  file: File,
  clip: ClipFile,
  count: number,
): AsyncGenerator<SourceFrame, void, void> {
  const decoded = samples(clip, count);
  try {
    for (let index = 0; ; index += 1) {
      const next = await decoded.next().catch(async (cause: unknown) => {
        throw (await findChange(file)) ?? undecodable(file, cause);
      });
      if (next.done) return;
      const { timestamp, duration } = next.value;
      yield {
        frame: takeUprightFrame(next.value),
        index,
        ptsMs: timestamp * MS_PER_SECOND,
        durationMs: duration * MS_PER_SECOND,
      };
    }
  } finally {
    await decoded.return();
  }
}

async function* samples(clip: ClipFile, count: number): AsyncGenerator<VideoSample, void, void> {
  let delivered = 0;
  for await (const sample of new VideoSampleSink(clip.track).samples(-Infinity)) {
    yield sample;
    delivered += 1;
    if (delivered >= count) return;
  }
}

async function fileDigest(file: File): Promise<string> {
  const hash = sha256.create();
  try {
    for await (const chunk of file.stream()) hash.update(chunk);
  } catch (cause) {
    throw (await findChange(file)) ?? undecodable(file, cause);
  }
  return bytesToHex(hash.digest());
}

function undecodable(file: File, cause: unknown): SourceError {
  const reason = cause instanceof Error ? cause.message.replace(/\.$/, '') : 'the decoder failed';
  return new SourceError(
    'unreadable',
    `${file.name} could not be decoded: ${reason}. Copy or export it again.`,
  );
}
