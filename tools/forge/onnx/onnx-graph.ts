// An ONNX graph under construction. Keeps track of which layout each value exists in, so that images stay
// channels-first from the first convolution to the last. Which operator becomes what is in onnx-operators.ts.
import {
  permuteConstant,
  permuteShape,
  withLeadingAxes,
  type Constant,
} from '../graph/constant.ts';
import type { Tensor } from '../graph/graph.ts';
import { Names } from '../graph/names.ts';
import {
  ELEMENT_TYPE,
  type Attributes,
  type ElementType,
  type Initializer,
  type OnnxContent,
  type OnnxNode,
} from './onnx-messages.ts';

/** `tflite`: as the graph's shapes say. `channels-first`: images as batch × channels × height × width. */
export type Layout = 'tflite' | 'channels-first';

const IMAGE_RANK = 4;

/** Per axis of the channels-first layout, the axis in TFLite's. */
export const CHANNELS_FIRST_ORDER = [0, 3, 1, 2] as const;

/** Per axis of TFLite's layout, the axis in channels-first. */
const CHANNELS_LAST_ORDER = [0, 2, 3, 1] as const;

/** Collects nodes and constants. */
export class OnnxGraph {
  readonly #nodes: OnnxNode[] = [];
  readonly #initializers: Initializer[] = [];
  readonly #inputs: readonly Tensor[];
  readonly #outputs: readonly Tensor[];
  readonly #names: Names;
  /** Names of the values there are, by tensor and layout. */
  readonly #values = new Map<Tensor, Map<Layout, string>>();
  /** Names of constants, by their elements and how these are arranged. */
  readonly #constants = new Map<Constant['values'], Map<string, string>>();
  readonly #shared = new Map<string, string>();

  constructor(inputs: readonly Tensor[], outputs: readonly Tensor[]) {
    this.#inputs = inputs;
    this.#outputs = outputs;
    this.#names = new Names([...inputs, ...outputs].map(({ name }) => name));
    for (const input of inputs) this.#remember(input, 'tflite', input.name);
  }

  /** The layout in which a value is at hand without transposing it. */
  layoutOf(tensor: Tensor): Layout {
    return this.#values.get(tensor)?.has('channels-first') ? 'channels-first' : 'tflite';
  }

  /** Name of the value in that layout, transposed there if need be. */
  value(tensor: Tensor, layout: Layout): string {
    const existing = this.#values.get(tensor)?.get(layout);
    if (existing !== undefined) return existing;
    if (tensor.constant) return this.#constantValue(tensor, tensor.constant, layout);
    const perm = layout === 'tflite' ? CHANNELS_LAST_ORDER : CHANNELS_FIRST_ORDER;
    const from = this.value(tensor, layout === 'tflite' ? 'channels-first' : 'tflite');
    this.define(tensor, layout, 'Transpose', [from], { perm });
    return this.value(tensor, layout);
  }

  /** Adds a node that computes `tensor` in that layout. */
  define(
    tensor: Tensor,
    layout: Layout,
    opType: string,
    inputs: readonly string[],
    attributes: Attributes = {},
  ): void {
    const isOutput = layout === 'tflite' && this.#outputs.includes(tensor);
    const output = isOutput ? tensor.name : this.#names.next(opType.toLowerCase());
    this.#nodes.push({ opType, inputs, output, attributes });
    this.#remember(tensor, layout, output);
  }

  /** Adds a node for an intermediate result that no tensor of the network stands for. */
  node(opType: string, inputs: readonly string[], attributes: Attributes = {}): string {
    const output = this.#names.next(opType.toLowerCase());
    this.#nodes.push({ opType, inputs, output, attributes });
    return output;
  }

  /**
   * Name of a constant as float32 numbers, its axes reordered as in `permuteShape`. What the file stores in
   * fewer bits stays so and is expanded by operators on constants alone, which ONNX Runtime computes once,
   * on loading. (A DequantizeLinear it would run every time.)
   */
  constant(tensor: Tensor, order: readonly number[]): string {
    const constant = tensor.constant!;
    const shape = permuteShape(tensor.shape, order);
    const arrangement = `${order.join()}:${shape.join()}`;
    const named = this.#constants.get(constant.values) ?? new Map<string, string>();
    this.#constants.set(constant.values, named);
    const existing = named.get(arrangement);
    if (existing !== undefined) return existing;
    const name = this.#expand(permuteConstant(constant, tensor.shape, order), shape);
    named.set(arrangement, name);
    return name;
  }

  /** Name of a small float32 or int64 constant that the network's description implies. */
  parameter(
    type: 'float32' | 'int64',
    shape: readonly number[],
    values: readonly number[],
  ): string {
    const key = `${type}:${shape.join()}:${values.join()}`;
    const existing = this.#shared.get(key);
    if (existing !== undefined) return existing;
    const elements =
      type === 'float32' ? Float32Array.from(values) : BigInt64Array.from(values, BigInt);
    const name = this.#initializer('parameter', type, shape, elements);
    this.#shared.set(key, name);
    return name;
  }

  /** The finished graph; values that are outputs are brought into TFLite's layout. */
  finish(name: string, producer: string): OnnxContent {
    for (const output of this.#outputs) this.value(output, 'tflite');
    return {
      name,
      producer,
      nodes: this.#nodes,
      initializers: this.#initializers,
      inputs: this.#inputs,
      outputs: this.#outputs,
    };
  }

  #remember(tensor: Tensor, layout: Layout, name: string): void {
    const layouts = this.#values.get(tensor) ?? new Map<Layout, string>();
    this.#values.set(tensor, layouts.set(layout, name));
  }

  /** An operand that is broadcast: its missing leading axes count as 1. */
  #constantValue(tensor: Tensor, constant: Constant, layout: Layout): string {
    if (layout === 'tflite') return this.constant(tensor, [...tensor.shape.keys()]);
    const missing = IMAGE_RANK - tensor.shape.length;
    const shape = [...Array.from({ length: missing }, () => 1), ...tensor.shape];
    return this.constant(
      { ...tensor, constant: withLeadingAxes(constant, missing), shape },
      CHANNELS_FIRST_ORDER,
    );
  }

  #expand(constant: Constant, shape: readonly number[]): string {
    const stored = this.#initializer('weights', constant.type, shape, constant.values);
    if (constant.type === 'float32') return stored;
    const numbers = this.node('Cast', [stored], { to: ELEMENT_TYPE.float32 });
    if (constant.type !== 'int8' && constant.type !== 'uint8') return numbers;
    const { scales, zeroPoints, axis } = constant.quantization;
    const perAxis = shape.map((_, index) =>
      scales.length > 1 && index === axis ? scales.length : 1,
    );
    const isCentred = zeroPoints.every((zeroPoint) => zeroPoint === 0);
    const centred = isCentred
      ? numbers
      : this.node('Sub', [numbers, this.parameter('float32', perAxis, zeroPoints)]);
    return this.node('Mul', [centred, this.parameter('float32', perAxis, scales)]);
  }

  #initializer(
    stem: string,
    type: ElementType,
    shape: readonly number[],
    values: ArrayBufferView,
  ): string {
    const name = this.#names.next(stem);
    this.#initializers.push({ name, type, shape, values });
    return name;
  }
}
