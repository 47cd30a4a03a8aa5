// Pictures as raw networks take them, for tests without a pipeline.
import type { Tensor } from '../../src/lib/pipelines/tensor-runner.ts';
import { actorFrame } from './actor-frames.ts';

/** A square part of a picture, in its pixels. */
export type Square = { readonly left: number; readonly top: number; readonly sidePx: number };

/** A square around the actor in the clip's first frames. */
export const ACTOR_SQUARE: Square = { left: -30, top: 105, sidePx: 540 };

/** A file that the tests are served. */
export async function fetchBytes(url: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} is not served to the tests.`);
  return new Uint8Array(await response.arrayBuffer());
}

/** A picture, or a part of it, at a network's size: RGB, 0…255. The picture stays the caller's. */
export function rgbOf(
  image: VideoFrame | ImageBitmap,
  widthPx: number,
  heightPx: number,
  part?: Square,
): Uint8Array<ArrayBuffer> {
  const context = new OffscreenCanvas(widthPx, heightPx).getContext('2d');
  if (!context) throw new Error('No 2-D canvas.');
  if (part) {
    const { left, top, sidePx } = part;
    context.drawImage(image, left, top, sidePx, sidePx, 0, 0, widthPx, heightPx);
  } else context.drawImage(image, 0, 0, widthPx, heightPx);
  const { data } = context.getImageData(0, 0, widthPx, heightPx);
  return Uint8Array.from(data.filter((_, index) => index % 4 !== 3));
}

/** The actor as BlazePose's networks take him: RGB, 0 as `low` and 255 as 1. */
export function actorTensor(frame: VideoFrame, sidePx: number, low: number): Tensor {
  const pixels = rgbOf(frame, sidePx, sidePx, ACTOR_SQUARE);
  const data = Float32Array.from(pixels, (value) => low + (value / 255) * (1 - low));
  return { shape: [1, sidePx, sidePx, 3], data };
}

/** The actor in his first frame, for the landmark networks. */
export async function landmarksInput(): Promise<Record<string, Tensor>> {
  const frame = await actorFrame();
  const input = actorTensor(frame, 256, 0);
  frame.close();
  return { input_1: input };
}
