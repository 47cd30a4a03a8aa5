// A digest over decoded frames: two runs saw identical frames exactly when theirs agree.
import { bytesToHex } from '@noble/hashes/utils.js';

/** Bytes of one frame's entry: index (u32), time in µs (i64), width and height (u32), pixel digest. */
const ENTRY_HEADER_BYTES = 20;
const SHA256_BYTES = 32;

/** What is needed of a decoded frame: a VideoFrame has it, and so has mediabunny's VideoSample. */
export type DecodedPixels = {
  readonly format: string | null;
  readonly visibleRect: { readonly width: number; readonly height: number } | null;
  allocationSize(options?: VideoFrameCopyToOptions): number;
  copyTo(destination: Uint8Array, options?: VideoFrameCopyToOptions): Promise<unknown>;
};

/** Collects the frames of a source in order. */
export type FramesDigest = {
  /** Adds the pixels as decoded, before rotation. Closes nothing. */
  add(index: number, timestampUs: number, pixels: DecodedPixels): Promise<void>;
  /** SHA-256 over the entries of all frames added, lower-case hex. */
  finish(): Promise<string>;
};

/**
 * A digest over each frame's index, presentation time, coded size and pixels. Planes are hashed in
 * I420 order where the decoder gives NV12, and as RGBA where it gives a packed format, so that hardware
 * and software decoders agree.
 */
export function createFramesDigest(): FramesDigest {
  const entries: Uint8Array<ArrayBuffer>[] = [];
  let buffer = new Uint8Array(0);

  return {
    async add(index, timestampUs, pixels) {
      const layout: VideoFrameCopyToOptions = isPacked(pixels) ? { format: 'RGBA' } : {};
      const size = pixels.allocationSize(layout);
      if (buffer.byteLength < size) buffer = new Uint8Array(size);
      const view = buffer.subarray(0, size);
      await pixels.copyTo(view, layout);
      const { width = 0, height = 0 } = pixels.visibleRect ?? {};
      if (pixels.format === 'NV12') deinterleaveChroma(view, width, height);

      const entry = new Uint8Array(ENTRY_HEADER_BYTES + SHA256_BYTES);
      const header = new DataView(entry.buffer);
      header.setUint32(0, index);
      header.setBigInt64(4, BigInt(timestampUs));
      header.setUint32(12, width);
      header.setUint32(16, height);
      entry.set(new Uint8Array(await crypto.subtle.digest('SHA-256', view)), ENTRY_HEADER_BYTES);
      entries.push(entry);
    },
    async finish() {
      const all = new Uint8Array(await new Blob(entries).arrayBuffer());
      return bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', all)));
    },
  };
}

/** Whether a pixel's channels lie together. Whether red or blue comes first is the machine's choice. */
function isPacked({ format }: DecodedPixels): boolean {
  return format !== null && /^(?:RGB|BGR)/.test(format);
}

/** Rewrites tightly packed NV12 (Y, then UVUV…) as I420 (Y, then U…, then V…), in place. */
function deinterleaveChroma(frame: Uint8Array, width: number, height: number): void {
  const lumaBytes = width * height;
  const chromaBytes = Math.ceil(width / 2) * Math.ceil(height / 2);
  const interleaved = frame.slice(lumaBytes, lumaBytes + 2 * chromaBytes);
  for (let i = 0; i < chromaBytes; i += 1) {
    frame[lumaBytes + i] = interleaved[2 * i] as number;
    frame[lumaBytes + chromaBytes + i] = interleaved[2 * i + 1] as number;
  }
}
