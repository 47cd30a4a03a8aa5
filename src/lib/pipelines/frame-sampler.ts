// From a frame to a network's input: the contract, and the geometry both sides agree on.

/** A turned rectangle in a frame's pixels; may reach beyond the frame. */
export type Region = {
  readonly centerX: number;
  readonly centerY: number;
  readonly width: number;
  readonly height: number;
  /** Clockwise, in radians: the region's own x axis points that way in the frame. */
  readonly rotation: number;
};

/** What lies beyond the frame: a grey in 0…255, before normalisation, or the frame's edge going on. */
export type ImageBorder = number | 'edge';

/** How a network takes its pixels. */
export type ImageInput = {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Order of the elements: pixels of channels, or channels of pixels. */
  readonly layout: 'nhwc' | 'nchw';
  readonly channels: 'rgb' | 'bgr';
  /** Element = (value − mean) / std per channel, value in 0…255. */
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
  /** Black unless said. */
  readonly border?: ImageBorder;
};

/** Draws regions of frames. */
export interface FrameSampler {
  /**
   * Draws a region of the frame to the input's size, in one draw, and writes the normalised values to
   * `target`, which has widthPx × heightPx × 3 elements. The frame stays the caller's. One at a time: the
   * next call waits until this one has resolved. Throws a PipelineError when the browser refuses the pixels.
   */
  sample(
    frame: VideoFrame,
    region: Region,
    input: ImageInput,
    target: Float32Array | Int32Array | Uint8Array,
  ): Promise<void>;
}
