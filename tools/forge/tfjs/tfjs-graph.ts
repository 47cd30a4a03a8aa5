// A TF.js graph model under construction: TensorFlow nodes and weights. Which operator becomes what is in
// tfjs-operators.ts; the files are written by write-tfjs.ts.
import { dequantize, permuteConstant, permuteShape, type Constant } from '../graph/constant.ts';
import type { Tensor } from '../graph/graph.ts';
import { distinctNames, Names } from '../graph/names.ts';

/** An attribute as TensorFlow's NodeDef has it in JSON; strings are base64. */
export type Attribute =
  | { s: string }
  | { i: string }
  | { f: number }
  | { b: boolean }
  | { type: string }
  | { shape: { dim: { size: string }[] } }
  | { list: { s: string[] } | { i: string[] } };

/** A TensorFlow node. */
export interface TfjsNode {
  name: string;
  op: string;
  input?: string[];
  attr: Record<string, Attribute>;
}

/** One entry of the weights manifest. */
export interface WeightSpec {
  name: string;
  shape: readonly number[];
  dtype: 'float32' | 'int32';
  quantization?:
    | { dtype: 'float16'; original_dtype: 'float32' }
    | { dtype: 'uint8'; original_dtype: 'float32'; scale: number; min: number };
}

/** A weight and its bytes. */
export interface Weight {
  spec: WeightSpec;
  values: ArrayBufferView;
}

/** What int8 lacks to be uint8. */
const INT8_TO_UINT8 = 128;

/** TF.js takes what follows a colon for the number of an output. */
const NOT_IN_NODE_NAMES = /[^\w./-]/g;

/** Collects nodes and weights. */
export class TfjsGraph {
  readonly nodes: TfjsNode[] = [];
  readonly weights: Weight[] = [];
  /** The nodes that inputs and outputs are or will be. */
  readonly #interface: ReadonlyMap<Tensor, string>;
  readonly #names: Names;
  /** Names of the values there are. */
  readonly #values = new Map<Tensor, string>();
  /** Names of constants, by their elements and how these are arranged. */
  readonly #constants = new Map<Constant['values'], Map<string, string>>();
  readonly #parameters = new Map<string, string>();

  constructor(inputs: readonly Tensor[], outputs: readonly Tensor[]) {
    this.#interface = nameNodes([...new Set([...inputs, ...outputs])]);
    this.#names = new Names([...this.#interface.values()]);
    for (const input of inputs) {
      const name = this.#interface.get(input)!;
      this.nodes.push({
        name,
        op: 'Placeholder',
        attr: { dtype: FLOAT, shape: shapeAttribute(input.shape) },
      });
      this.#values.set(input, name);
    }
  }

  /** Name of the value. */
  value(tensor: Tensor): string {
    const existing = this.#values.get(tensor);
    if (existing !== undefined) return existing;
    return this.constant(tensor, [...tensor.shape.keys()]);
  }

  /** Adds a node that computes `tensor`. */
  define(tensor: Tensor, op: string, input: string[], attr: Record<string, Attribute> = {}): void {
    const name = this.#interface.get(tensor) ?? this.#names.next(op.replace(/^_/, ''));
    this.nodes.push({ name, op, input, attr: { T: FLOAT, ...attr } });
    this.#values.set(tensor, name);
  }

  /** Adds a node for an intermediate result that no tensor of the network stands for. */
  node(op: string, input: string[], attr: Record<string, Attribute> = {}): string {
    const name = this.#names.next(op.replace(/^_/, ''));
    this.nodes.push({ name, op, input, attr: { T: FLOAT, ...attr } });
    return name;
  }

  /** Name of a constant, its axes reordered as in `permuteShape` and then regrouped into `shape` if given. */
  constant(tensor: Tensor, order: readonly number[], shape?: readonly number[]): string {
    const constant = tensor.constant!;
    const newShape = shape ?? permuteShape(tensor.shape, order);
    const named = this.#constants.get(constant.values) ?? new Map<string, string>();
    this.#constants.set(constant.values, named);
    const arrangement = `${order.join()}:${newShape.join()}`;
    const existing = named.get(arrangement);
    if (existing !== undefined) return existing;
    const permuted = permuteConstant(constant, tensor.shape, order);
    const name = this.#weight(storeWeight(permuted, permuteShape(tensor.shape, order)), newShape);
    named.set(arrangement, name);
    return name;
  }

  /** Name of a small int32 constant that the network's description implies. */
  parameter(shape: readonly number[], values: readonly number[]): string {
    const key = `${shape.join()}:${values.join()}`;
    const existing = this.#parameters.get(key);
    if (existing !== undefined) return existing;
    const name = this.#weight({ dtype: 'int32', values: Int32Array.from(values) }, shape);
    this.#parameters.set(key, name);
    return name;
  }

  #weight({ values, ...stored }: StoredWeight, shape: readonly number[]): string {
    const name = this.#names.next('Const');
    this.weights.push({ spec: { name, shape, ...stored }, values });
    const dtype = stored.dtype === 'int32' ? INT32 : FLOAT;
    this.nodes.push({ name, op: 'Const', attr: { dtype } });
    return name;
  }
}

/** Replacing characters can make two names the same, which are then told apart by numbers. */
function nameNodes(tensors: readonly Tensor[]): Map<Tensor, string> {
  const names = distinctNames(tensors.map(({ name }) => name.replace(NOT_IN_NODE_NAMES, '_')));
  return new Map(tensors.map((tensor, index) => [tensor, names[index]!]));
}

type StoredWeight = Pick<WeightSpec, 'dtype' | 'quantization'> & { values: ArrayBufferView };

const FLOAT: Attribute = { type: 'DT_FLOAT' };
const INT32: Attribute = { type: 'DT_INT32' };

/** The attribute for a shape. */
function shapeAttribute(shape: readonly number[]): Attribute {
  return { shape: { dim: shape.map((size) => ({ size: String(size) })) } };
}

/**
 * TF.js expands float16 and uint8 on loading, the latter as scale × integer + min for a whole tensor;
 * other quantised weights are written as the float32 numbers they stand for.
 */
function storeWeight(constant: Constant, shape: readonly number[]): StoredWeight {
  switch (constant.type) {
    case 'float32':
      return { dtype: 'float32', values: constant.values };
    case 'int32':
      return { dtype: 'int32', values: constant.values };
    case 'float16':
      return {
        dtype: 'float32',
        quantization: { dtype: 'float16', original_dtype: 'float32' },
        values: constant.values,
      };
    case 'int8':
    case 'uint8': {
      const { scales, zeroPoints } = constant.quantization;
      if (scales.length > 1) return { dtype: 'float32', values: dequantize(constant, shape) };
      const shift = constant.type === 'int8' ? INT8_TO_UINT8 : 0;
      const scale = scales[0]!;
      const min = -scale * (zeroPoints[0]! + shift);
      return {
        dtype: 'float32',
        quantization: { dtype: 'uint8', original_dtype: 'float32', scale, min },
        values: Uint8Array.from(constant.values, (value) => value + shift),
      };
    }
  }
}
