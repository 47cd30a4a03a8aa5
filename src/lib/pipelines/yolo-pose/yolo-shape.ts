// How Ultralytics' pose networks are recognised by their shapes, and the order of their output.
import { readImageTensor } from '../image-tensor.ts';
import type { ImageTensor } from '../image-tensor.ts';
import { findOutput } from '../tensor-shape.ts';
import type { NetworkShapes } from '../tensor-shape.ts';

/** Box (4), score, 17 × (x, y, score): one candidate of YOLOv8-pose and YOLO11-pose. */
export const CANDIDATE_VALUES = 56;
/** Box (4), score, class, 17 × (x, y, score): one person of an end-to-end network. */
export const PERSON_VALUES = 57;

/**
 * Where a network takes its picture and gives its people, and in which order: a row per value of all
 * candidates, a row per candidate, or a row per person that needs no suppression of overlaps.
 */
export type YoloShape = {
  readonly image: ImageTensor;
  readonly output: string;
  readonly order: 'by-value' | 'by-candidate' | 'people';
};

/** A picture → 1×56×N (v8, 11), its transpose, or 1×N×57 (26, or exported with NMS). Null otherwise. */
export function readYoloShape({ inputs, outputs }: NetworkShapes): YoloShape | null {
  const image = readImageTensor(inputs);
  if (image?.type !== 'float32') return null;
  const orders = [
    ['people', ['batch', 'any', PERSON_VALUES]],
    ['by-value', ['batch', CANDIDATE_VALUES, 'any']],
    ['by-candidate', ['batch', 'any', CANDIDATE_VALUES]],
  ] as const;
  for (const [order, expected] of orders) {
    const output = findOutput(outputs, expected);
    if (output?.type === 'float32') return { image, output: output.name, order };
  }
  return null;
}
