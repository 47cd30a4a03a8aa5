// The table of TFLite operators the forge reads: per code, how its options become an operator of the
// graph. Padding follows TFLite's kernels/padding.h.
import type { FlatbufferTable } from '../flatbuffer-table.ts';
import { ForgeError } from '../forge-error.ts';
import type { Activation, Operator, Padding, Size, Tensor } from '../graph/graph.ts';
import {
  ACTIVATION,
  ADD_SLOT,
  CONCATENATION_SLOT,
  CONVOLUTION_SLOT,
  DEPTH_TO_SPACE_SLOT,
  DEPTHWISE_SLOT,
  OPERATOR,
  PADDING,
  POOL_SLOT,
  RESIZE_SLOT,
} from './schema.ts';

/** An operator of the file, its tensors looked up. */
export interface StoredOperator {
  name: string;
  inputs: readonly Tensor[];
  output: Tensor;
  /** Absent where every option has its default, zero. */
  options: FlatbufferTable | undefined;
}

/** Returns the operator, or null when it only made a constant, which its output then holds. */
export type OperatorReader = (stored: StoredOperator) => Operator | null;

const IMAGE_RANK = 4;

/** By code of `BuiltinOperator`. */
export const operatorReaders: Readonly<Record<number, OperatorReader>> = {
  [OPERATOR.add]: readAdd,
  [OPERATOR.concatenation]: readConcatenation,
  [OPERATOR.convolution]: readConvolution,
  [OPERATOR.depthwiseConvolution]: readDepthwiseConvolution,
  [OPERATOR.depthToSpace]: ({ inputs, output, options }) => ({
    kind: 'depth-to-space',
    input: requireImage(inputAt(inputs, 0)),
    output,
    blockSize: options?.uint32(DEPTH_TO_SPACE_SLOT.blockSize) ?? 0,
  }),
  [OPERATOR.dequantize]: passConstantOn,
  [OPERATOR.logistic]: ({ inputs, output }) => ({
    kind: 'sigmoid',
    input: inputAt(inputs, 0),
    output,
  }),
  [OPERATOR.maxPool]: readMaxPool,
  [OPERATOR.reshape]: ({ inputs, output }) => ({
    kind: 'reshape',
    input: inputAt(inputs, 0),
    output,
  }),
  [OPERATOR.resizeBilinear]: readResizeBilinear,
  [OPERATOR.pad]: readPad,
  [OPERATOR.densify]: passConstantOn,
};

function readAdd({ name, inputs, output, options }: StoredOperator): Operator {
  return { kind: 'add', inputs, output, activation: readActivation(name, options, ADD_SLOT) };
}

function readConcatenation({ name, inputs, output, options }: StoredOperator): Operator {
  const axis = options?.int32(CONCATENATION_SLOT.axis) ?? 0;
  return {
    kind: 'concatenation',
    inputs,
    output,
    axis: axis < 0 ? axis + output.shape.length : axis,
    activation: readActivation(name, options, CONCATENATION_SLOT),
  };
}

function readConvolution(stored: StoredOperator): Operator {
  const convolution = readAnyConvolution(stored, CONVOLUTION_SLOT, 0);
  if (convolution.filter.shape[3] !== convolution.input.shape[3]) {
    throw new ForgeError(
      `The operator ${stored.name} works on groups of channels, which the forge cannot convert; export the ` +
        'network without grouped convolutions.',
    );
  }
  return { kind: 'convolution', ...convolution };
}

function readDepthwiseConvolution(stored: StoredOperator): Operator {
  return { kind: 'depthwise-convolution', ...readAnyConvolution(stored, DEPTHWISE_SLOT, 3) };
}

function readAnyConvolution(
  { name, inputs, output, options }: StoredOperator,
  slot: typeof CONVOLUTION_SLOT | typeof DEPTHWISE_SLOT,
  channelAxis: number,
) {
  const input = requireImage(inputAt(inputs, 0));
  const filter = requireImage(requireConstant(name, inputs[1]));
  const strides = readSize(options, slot.strideHeight, slot.strideWidth);
  const dilations = readSize(options, slot.dilationHeight, slot.dilationWidth);
  const window: Size = {
    height: (filter.shape[1]! - 1) * dilations.height + 1,
    width: (filter.shape[2]! - 1) * dilations.width + 1,
  };
  const channels = filter.shape[channelAxis]!;
  const bias = inputs[2] ? requireConstant(name, inputs[2]) : zeroBias(channels);
  if (bias.shape.join() !== String(channels)) {
    throw new RangeError('A bias does not fit its filter.');
  }
  const padding = readPadding(options, slot.padding, input.shape, window, strides);
  const activation = readActivation(name, options, slot);
  return { input, filter, bias, output, strides, dilations, padding, activation };
}

function zeroBias(channels: number): Tensor {
  const values = new Float32Array(channels);
  return { name: 'no bias', shape: [channels], constant: { type: 'float32', values } };
}

function readMaxPool({ name, inputs, output, options }: StoredOperator): Operator {
  const input = requireImage(inputAt(inputs, 0));
  const strides = readSize(options, POOL_SLOT.strideHeight, POOL_SLOT.strideWidth);
  const window = readSize(options, POOL_SLOT.windowHeight, POOL_SLOT.windowWidth);
  const padding = readPadding(options, POOL_SLOT.padding, input.shape, window, strides);
  const activation = readActivation(name, options, POOL_SLOT);
  return { kind: 'max-pool', input, output, window, strides, padding, activation };
}

function readResizeBilinear({ inputs, output, options }: StoredOperator): Operator {
  const alignsCorners = options?.uint8(RESIZE_SLOT.alignCorners);
  const hasHalfPixelCenters = options?.uint8(RESIZE_SLOT.halfPixelCenters);
  const alignment = alignsCorners
    ? 'align-corners'
    : hasHalfPixelCenters
      ? 'half-pixel'
      : 'asymmetric';
  return {
    kind: 'resize-bilinear',
    input: requireImage(inputAt(inputs, 0)),
    output: requireImage(output),
    alignment,
  };
}

function readPad({ name, inputs, output }: StoredOperator): Operator {
  const { constant } = requireConstant(name, inputs[1]);
  const input = inputAt(inputs, 0);
  const values = Array.from(constant!.values);
  if (values.length !== 2 * input.shape.length) {
    throw new RangeError('There is not an amount of padding per axis.');
  }
  const amounts = input.shape.map((_, axis) => [values[2 * axis]!, values[2 * axis + 1]!] as const);
  return { kind: 'pad', input, output, amounts };
}

function inputAt(inputs: readonly Tensor[], index: number): Tensor {
  const input = inputs[index];
  if (!input) throw new RangeError('An operator lacks an input.');
  return input;
}

function requireImage(tensor: Tensor): Tensor {
  if (tensor.shape.length !== IMAGE_RANK) throw new RangeError('An operator on images has none.');
  return tensor;
}

/** Dequantised or densified, a constant is one that the writers can expand themselves. */
function passConstantOn({ name, inputs, output }: StoredOperator): null {
  const { shape, constant } = requireConstant(name, inputs[0]);
  if (shape.join() !== output.shape.join()) throw new RangeError('A constant changes its shape.');
  output.constant = constant!;
  return null;
}

function requireConstant(operator: string, tensor: Tensor | undefined): Tensor {
  if (tensor?.constant) return tensor;
  throw new ForgeError(
    `The operator ${operator} computes what the forge needs as a constant; convert the network from its ` +
      'float version.',
  );
}

function readActivation(
  operator: string,
  options: FlatbufferTable | undefined,
  slot: { activation: number },
): Activation {
  const code = options?.uint8(slot.activation) ?? 0;
  const known = Object.keys(ACTIVATION) as Activation[];
  const activation = known.find((each) => ACTIVATION[each] === code);
  if (activation) return activation;
  throw new ForgeError(
    `The operator ${operator} has TFLite's fused activation ${code}, which the forge cannot convert; it knows ` +
      'none, RELU and RELU6.',
  );
}

function readSize(
  options: FlatbufferTable | undefined,
  heightSlot: number,
  widthSlot: number,
): Size {
  const size = { height: options?.uint32(heightSlot) ?? 1, width: options?.uint32(widthSlot) ?? 1 };
  if (size.height === 0 || size.width === 0) throw new RangeError('A window stands still.');
  return size;
}

/** For SAME, TFLite puts the odd pixel below and to the right. */
function readPadding(
  options: FlatbufferTable | undefined,
  slot: number,
  [, height, width]: readonly number[],
  window: Size,
  strides: Size,
): Padding {
  if ((options?.uint8(slot) ?? PADDING.same) !== PADDING.same) {
    return { top: 0, left: 0, bottom: 0, right: 0 };
  }
  const rows = totalSamePadding(height!, window.height, strides.height);
  const columns = totalSamePadding(width!, window.width, strides.width);
  const top = Math.floor(rows / 2);
  const left = Math.floor(columns / 2);
  return { top, left, bottom: rows - top, right: columns - left };
}

function totalSamePadding(size: number, window: number, stride: number): number {
  const outputSize = Math.ceil(size / stride);
  return Math.max((outputSize - 1) * stride + window - size, 0);
}
