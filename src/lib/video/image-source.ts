// Pictures as a FrameSource: one frame each, decoded when it is asked for. Each is decoded once before
// the run, to find the unreadable ones and to digest the pixels; that pass is never timed.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { SourceError } from './frame-source.ts';
import type { FrameSource, SourceFrame, SourceInfo } from './frame-source.ts';
import { createFramesDigest } from './frames-digest.ts';

/** Pictures have no time of their own; engines want one that grows. As in a film of 25 frames a second. */
const FRAME_MS = 40;
const US_PER_MS = 1000;

/** How pictures are opened. */
export type ImageOptions = {
  /** Pictures to deliver from the first by name; null for all. The frames digest covers just these. */
  readonly maxFrames: number | null;
  readonly signal?: AbortSignal;
  /** Told while the files are inspected: pictures decoded so far and pictures expected. */
  readonly onProgress?: (decodedImages: number, expectedImages: number) => void;
};

/** Pictures as a source, and which file each frame is. */
export type ImageSource = FrameSource & {
  /** File names in the order of the frames. */
  readonly fileNames: readonly string[];
};

/**
 * Opens and inspects pictures (JPEG, PNG, WebP, BMP), in the order of their names by code unit. Frame i
 * is presented at i × 40 ms, upright as its EXIF orientation says, transparency on black. The info's size
 * is the largest width and the largest height: pictures may differ. Its `sha256` covers all files, as
 * `sha256sum FILES | sha256sum` does. Throws a SourceError that names the first file that is no picture.
 */
export async function openImages(
  files: readonly File[],
  options: ImageOptions,
): Promise<ImageSource> {
  const sorted = files.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  if (sorted.length === 0) {
    throw new SourceError('empty-file', 'No picture was chosen. Choose at least one.');
  }
  const delivered = sorted.slice(0, options.maxFrames ?? sorted.length);
  const inspection = await inspect(delivered, options);
  return {
    info: {
      kind: 'images',
      name: sorted.length === 1 ? '1 image' : `${sorted.length} images`,
      sha256: await digestFiles(sorted),
      frameCount: sorted.length,
      deliverableFrames: delivered.length,
      truncated: false,
      ...inspection,
    },
    fileNames: delivered.map(({ name }) => name),
    frames: () => frames(delivered),
    // Nothing is kept open between two pictures.
    close: () => undefined,
  };
}

async function inspect(
  files: readonly File[],
  { signal, onProgress }: ImageOptions,
): Promise<Pick<SourceInfo, 'widthPx' | 'heightPx' | 'framesDigest'>> {
  const digest = createFramesDigest();
  let [widthPx, heightPx] = [0, 0];
  for await (const { frame, index } of frames(files)) {
    try {
      signal?.throwIfAborted();
      await digest.add(index, frame.timestamp, frame);
      widthPx = Math.max(widthPx, frame.displayWidth);
      heightPx = Math.max(heightPx, frame.displayHeight);
    } finally {
      frame.close();
    }
    onProgress?.(index + 1, files.length);
  }
  return { widthPx, heightPx, framesDigest: await digest.finish() };
}

async function* frames(files: readonly File[]): AsyncGenerator<SourceFrame, void, void> {
  for (const [index, file] of files.entries()) {
    const ptsMs = index * FRAME_MS;
    yield { frame: await decode(file, ptsMs), index, ptsMs, durationMs: FRAME_MS };
  }
}

async function decode(file: File, ptsMs: number): Promise<VideoFrame> {
  if (file.size === 0) {
    throw new SourceError('empty-file', `${file.name} is empty (0 bytes). Leave it out.`);
  }
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => {
    throw new SourceError(
      'unreadable',
      `${file.name} cannot be read as a picture because it is damaged or none of JPEG, PNG, WebP and BMP. Convert it or leave it out.`,
    );
  });
  try {
    // A VideoFrame made from the bitmap itself would stay transparent, which each engine takes differently.
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true });
    if (!context) throw new Error('This browser gives no 2-D canvas to draw pictures on.');
    context.drawImage(bitmap, 0, 0);
    return new VideoFrame(canvas, {
      timestamp: ptsMs * US_PER_MS,
      duration: FRAME_MS * US_PER_MS,
    });
  } finally {
    bitmap.close();
  }
}

async function digestFiles(files: readonly File[]): Promise<string> {
  const list = sha256.create();
  for (const file of files) {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
    list.update(utf8ToBytes(`${bytesToHex(digest)}  ${file.name}\n`));
  }
  return bytesToHex(list.digest());
}
