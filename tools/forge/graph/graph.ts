// The small network description between TFLite and the formats the forge writes. Types only: the readers
// and writers know the formats.
import type { Constant } from './constant.ts';

/** A value of the network. Its identity is the object; the name serves inputs, outputs and messages. */
export interface Tensor {
  name: string;
  /** As in TFLite: images are batch × height × width × channels. */
  shape: readonly number[];
  /** Weights and the like; absent for what is computed. Computed values are float32. */
  constant?: Constant;
}

/** A network. Operators stand in an order in which they can run. */
export interface Graph {
  inputs: readonly Tensor[];
  outputs: readonly Tensor[];
  operators: readonly Operator[];
}

/** What an operator does to its result before handing it on. */
export type Activation = 'none' | 'relu' | 'relu6';

/** Zeros around an image, in pixels. */
export interface Padding {
  top: number;
  left: number;
  bottom: number;
  right: number;
}

/** A pair of sizes in pixels. */
export interface Size {
  height: number;
  width: number;
}

/** How a window moves over an image. */
interface Window {
  input: Tensor;
  output: Tensor;
  strides: Size;
  padding: Padding;
  activation: Activation;
}

/** Weights: the filter is output channels × height × width × input channels. */
export interface Convolution extends Window {
  kind: 'convolution';
  filter: Tensor;
  bias: Tensor;
  dilations: Size;
}

/** Weights: the filter is 1 × height × width × output channels. */
export interface DepthwiseConvolution extends Window {
  kind: 'depthwise-convolution';
  filter: Tensor;
  bias: Tensor;
  dilations: Size;
}

/** Cells that the window shares with the padding do not count. */
export interface MaxPool extends Window {
  kind: 'max-pool';
  window: Size;
}

/** Element-wise, with NumPy's broadcasting. */
export interface Add {
  kind: 'add';
  inputs: readonly Tensor[];
  output: Tensor;
  activation: Activation;
}

/** Joins along `axis`, which counts from the front. */
export interface Concatenation {
  kind: 'concatenation';
  inputs: readonly Tensor[];
  output: Tensor;
  axis: number;
  activation: Activation;
}

/** Puts zeros around: before and after, per axis. */
export interface Pad {
  kind: 'pad';
  input: Tensor;
  output: Tensor;
  amounts: readonly (readonly [before: number, after: number])[];
}

/** Moves blocks of channels into space: the block's row and column vary slower than the channel. */
export interface DepthToSpace {
  kind: 'depth-to-space';
  input: Tensor;
  output: Tensor;
  blockSize: number;
}

/** Scales images to the output's size. */
export interface ResizeBilinear {
  kind: 'resize-bilinear';
  input: Tensor;
  output: Tensor;
  /** Which points of the two pixel grids coincide: corner pixels, pixel centres, or upper left corners. */
  alignment: 'align-corners' | 'half-pixel' | 'asymmetric';
}

/** The same elements in the output's shape. */
export interface Reshape {
  kind: 'reshape';
  input: Tensor;
  output: Tensor;
}

/** The logistic function 1 / (1 + e^-x). */
export interface Sigmoid {
  kind: 'sigmoid';
  input: Tensor;
  output: Tensor;
}

/** One step of a network. */
export type Operator =
  | Convolution
  | DepthwiseConvolution
  | MaxPool
  | Add
  | Concatenation
  | Pad
  | DepthToSpace
  | ResizeBilinear
  | Reshape
  | Sigmoid;

/** Per kind of operator, what a format does with it: the writers' tables have this type. */
export type OperatorTable<Target> = {
  readonly [Kind in Operator['kind']]: (
    operator: Extract<Operator, { kind: Kind }>,
    target: Target,
  ) => void;
};

/** Looks `operator` up in `table` and applies what it says to `target`. */
export function applyOperator<Target>(
  table: OperatorTable<Target>,
  operator: Operator,
  target: Target,
): void {
  // The compiler does not see that the entry found belongs to this kind.
  const apply = table[operator.kind] as (operator: Operator, target: Target) => void;
  apply(operator, target);
}

/** The operator's inputs, constants included. */
export function inputsOf(operator: Operator): readonly Tensor[] {
  switch (operator.kind) {
    case 'add':
    case 'concatenation':
      return operator.inputs;
    case 'convolution':
    case 'depthwise-convolution':
      return [operator.input, operator.filter, operator.bias];
    default:
      return [operator.input];
  }
}
