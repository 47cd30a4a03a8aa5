// The contract between a run and what its frames come from.

/** One frame, upright. Whoever receives it closes `frame`. */
export type SourceFrame = {
  readonly frame: VideoFrame;
  /** Position in the source, from 0. */
  readonly index: number;
  /** Presentation time on the source's own timeline. */
  readonly ptsMs: number;
  readonly durationMs: number;
};

/** Where frames come from: the built-in clip, a video file, a set of unrelated pictures, or a camera. */
export type SourceKind = 'actor' | 'clip' | 'images' | 'camera';

/** What a source is, known before its first frame is asked for. */
export type SourceInfo = {
  readonly kind: SourceKind;
  readonly name: string;
  /** SHA-256 of the file, lower-case hex; null of a camera, which has none. */
  readonly sha256: string | null;
  /** Upright size, after rotation. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Frames that the file announces; null of a camera, which goes on until it is stopped. */
  readonly frameCount: number | null;
  /** Frames that can be decoded and will be delivered; fewer than announced in a damaged file; null of a camera. */
  readonly deliverableFrames: number | null;
  /**
   * SHA-256 over the index, time and pixels of every deliverable frame, lower-case hex; null of a camera,
   * whose frames never come twice.
   */
  readonly framesDigest: string | null;
  /** True when the file announces more frames than could be decoded. */
  readonly truncated: boolean;
};

/** Delivers frames in order, each once: a file the same ones every time, a camera whatever it sees. */
export interface FrameSource {
  readonly info: SourceInfo;
  /**
   * The frames from the first, of a camera from now on; several iterations may go on at once. The consumer
   * closes every frame; ending the iteration early frees what was decoded ahead. A file's next frame comes
   * as soon as it is decoded. A camera's comes when it is taken, so waiting for it can be aborted; frames
   * that nobody asks for in time are gone. Throws a SourceError when the decoder or the camera fails, and
   * the signal's reason when aborted.
   */
  frames(signal?: AbortSignal): AsyncIterable<SourceFrame>;
  /** Frees the file and its decoders, or the camera. */
  close(): void;
}

/**
 * Why a source cannot be used. `changed`: it is no longer what it was when it was opened. The last five are
 * a camera's; `camera-lost` is one that was unplugged, taken away, or gives no more pictures.
 */
export type SourceErrorCode =
  | 'empty-file'
  | 'unsupported-container'
  | 'no-video-track'
  | 'unsupported-codec'
  | 'unreadable'
  | 'changed'
  | 'insecure-page'
  | 'permission-denied'
  | 'no-camera'
  | 'camera-busy'
  | 'camera-lost';

/** A source could not be opened or read. The message is one sentence: what, why, what to do. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly code: SourceErrorCode;

  constructor(code: SourceErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
