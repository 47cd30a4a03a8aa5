// Matching and telling the shapes of a network's inputs and outputs.
import type { TensorInfo, TensorRunner } from './tensor-runner.ts';

/** What a network takes and gives, as far as its shapes go. */
export type NetworkShapes = Pick<TensorRunner, 'inputs' | 'outputs'>;

/**
 * One dimension of an expected shape: exactly that size, a batch (1, or left open), or any size that is
 * not known beforehand.
 */
export type ExpectedDimension = number | 'batch' | 'any';

/** Whether a shape, in which -1 is a dimension left open, is the expected one. */
export function fitsShape(
  shape: readonly number[],
  expected: readonly ExpectedDimension[],
): boolean {
  return (
    shape.length === expected.length &&
    shape.every((size, axis) => {
      const wanted = expected[axis];
      if (wanted === 'any') return true;
      if (wanted === 'batch') return size === 1 || size === -1;
      return size === wanted;
    })
  );
}

/** The one output that has the expected shape; null when none or several have. */
export function findOutput(
  outputs: readonly TensorInfo[],
  expected: readonly ExpectedDimension[],
): TensorInfo | null {
  const fitting = outputs.filter(({ shape }) => fitsShape(shape, expected));
  return fitting.length === 1 ? (fitting[0] ?? null) : null;
}

/** The shapes of a network for a sentence: `1×3×640×640 → 1×56×8400`; a dimension left open is `?`. */
export function describeShapes(
  inputs: readonly TensorInfo[],
  outputs: readonly TensorInfo[],
): string {
  return `${describeTensors(inputs)} → ${describeTensors(outputs)}`;
}

function describeTensors(tensors: readonly TensorInfo[]): string {
  if (tensors.length === 0) return 'nothing';
  return tensors
    .map(
      ({ shape }) => shape.map((size) => (size < 0 ? '?' : String(size))).join('×') || 'a scalar',
    )
    .join(', ');
}
