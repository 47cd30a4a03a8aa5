// How RTMPose's networks, and the person detector before them, are recognised by their shapes.
import { readImageTensor } from '../image-tensor.ts';
import type { ImageTensor } from '../image-tensor.ts';
import { findOutput, fitsShape } from '../tensor-shape.ts';
import type { NetworkShapes } from '../tensor-shape.ts';

/** Where a SimCC network takes its picture and gives its two rows of bins per joint. */
export type SimccShape = {
  readonly image: ImageTensor & { readonly widthPx: number; readonly heightPx: number };
  readonly x: string;
  readonly y: string;
  /** Bins per pixel of the picture. */
  readonly splitRatio: number;
};

/** Where a detector takes its picture and gives its boxes, and their classes where it tells. */
export type DetectorShape = {
  readonly image: ImageTensor;
  readonly boxes: string;
  readonly labels: string | null;
};

/**
 * W×H → 1×17×(W × ratio) and 1×17×(H × ratio), told apart by their lengths, or by their order where the
 * picture is square. Null for any other network.
 */
export function readSimccShape({ inputs, outputs }: NetworkShapes): SimccShape | null {
  const image = readImageTensor(inputs);
  if (!image?.widthPx || !image.heightPx || image.type !== 'float32') return null;
  const { widthPx, heightPx } = image;
  const rows = outputs.filter(
    ({ type, shape }) => type === 'float32' && fitsShape(shape, ['batch', 17, 'any']),
  );
  const [first, second] = rows;
  if (!first || !second || rows.length !== 2) return null;
  for (const [x, y] of [
    [first, second],
    [second, first],
  ] as const) {
    const splitRatio = (x.shape[2] ?? 0) / widthPx;
    if (splitRatio > 0 && (y.shape[2] ?? 0) === splitRatio * heightPx) {
      return { image: { ...image, widthPx, heightPx }, x: x.name, y: y.name, splitRatio };
    }
  }
  return null;
}

/**
 * RTMDet as MMDeploy exports it, with its suppression of overlaps: picture → 1×N×5 (left, top, right,
 * bottom, score) and 1×N classes. Null for any other network.
 */
export function readDetectorShape({ inputs, outputs }: NetworkShapes): DetectorShape | null {
  const image = readImageTensor(inputs);
  const boxes = findOutput(outputs, ['batch', 'any', 5]);
  const labels = findOutput(outputs, ['batch', 'any']);
  if (image?.type !== 'float32' || boxes?.type !== 'float32') return null;
  return { image, boxes: boxes.name, labels: labels?.name ?? null };
}
