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

/** Where frames come from: the built-in clip, a video file, or a set of unrelated pictures. */
export type SourceKind = 'actor' | 'clip' | 'images';

/** What a source is, known before its first frame is asked for. */
export type SourceInfo = {
  readonly kind: SourceKind;
  readonly name: string;
  /** SHA-256 of the file, lower-case hex. */
  readonly sha256: string;
  /** Upright size, after rotation. */
  readonly widthPx: number;
  readonly heightPx: number;
  /** Frames that the file announces. */
  readonly frameCount: number;
  /** Frames that can be decoded and will be delivered; fewer than announced in a damaged file. */
  readonly deliverableFrames: number;
  /** SHA-256 over the index, time and pixels of every deliverable frame, lower-case hex. */
  readonly framesDigest: string;
  /** True when the file announces more frames than could be decoded. */
  readonly truncated: boolean;
};

/** Delivers the same frames every time, in order, each once. */
export interface FrameSource {
  readonly info: SourceInfo;
  /**
   * The frames from the first. The consumer closes every frame; ending the iteration early frees
   * what was decoded ahead. Throws a SourceError when the decoder fails.
   */
  frames(): AsyncIterable<SourceFrame>;
  /** Frees the file and its decoders. */
  close(): void;
}

/** Why a source cannot be used. */
export type SourceErrorCode =
  'empty-file' | 'unsupported-container' | 'no-video-track' | 'unsupported-codec' | 'unreadable';

/** A source could not be opened or read. The message is one sentence: what, why, what to do. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly code: SourceErrorCode;

  constructor(code: SourceErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
