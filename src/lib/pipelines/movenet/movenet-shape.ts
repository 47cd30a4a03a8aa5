// How MoveNet's two networks are recognised by their shapes.
import { readImageTensor } from '../image-tensor.ts';
import type { ImageTensor } from '../image-tensor.ts';
import { findOutput } from '../tensor-shape.ts';
import type { NetworkShapes } from '../tensor-shape.ts';

/** Where a MoveNet network takes its picture and gives its keypoints. */
export type MovenetShape = { readonly image: ImageTensor; readonly output: string };

/** MoveNet SinglePose: 1×S×S×3 → 1×1×17×3. Null for any other network. */
export function readMovenetShape({ inputs, outputs }: NetworkShapes): MovenetShape | null {
  const image = readImageTensor(inputs);
  const output = findOutput(outputs, ['batch', 1, 17, 3]);
  return image?.layout === 'nhwc' && output ? { image, output: output.name } : null;
}

/** MoveNet MultiPose: 1×H×W×3, both sides mostly left open → 1×6×56. Null for any other network. */
export function readMovenetMultiShape({ inputs, outputs }: NetworkShapes): MovenetShape | null {
  const image = readImageTensor(inputs);
  const output = findOutput(outputs, ['batch', 6, 56]);
  return image?.layout === 'nhwc' && output ? { image, output: output.name } : null;
}
