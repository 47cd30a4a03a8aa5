// Builds graphs of a few operators for tests.
import type { Convolution, Graph, Operator, Tensor } from '../../../tools/forge/graph/graph.ts';

/** No zeros around. */
const NO_PADDING = { top: 0, left: 0, bottom: 0, right: 0 };

/** One pixel at a time. */
const ONE = { height: 1, width: 1 };

/** A computed tensor. */
export function tensor(name: string, ...shape: number[]): Tensor {
  return { name, shape };
}

/** A float32 constant. */
export function weights(shape: readonly number[], values: readonly number[]): Tensor {
  return {
    name: 'weights',
    shape,
    constant: { type: 'float32', values: Float32Array.from(values) },
  };
}

/** A chain of operators from `input`, whose outputs are all outputs of the graph. */
export function graphOf(input: Tensor, ...operators: Operator[]): Graph {
  return { inputs: [input], outputs: operators.map(({ output }) => output), operators };
}

/** A convolution by one pixel that puts each input channel into each output channel with a weight. */
export function mixChannels(
  input: Tensor,
  output: Tensor,
  rows: readonly (readonly number[])[],
): Convolution {
  return {
    kind: 'convolution',
    input,
    output,
    filter: weights([rows.length, 1, 1, rows[0]!.length], rows.flat()),
    bias: weights(
      [rows.length],
      rows.map(() => 0),
    ),
    strides: ONE,
    dilations: ONE,
    padding: NO_PADDING,
    activation: 'none',
  };
}
