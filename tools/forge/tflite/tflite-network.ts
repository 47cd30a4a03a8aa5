// A TFLite file under construction: tensors, buffers and operators, and their encoding. Which operator
// becomes what is in write-operators.ts.
import { Builder, type Offset } from 'flatbuffers';
import { createBuffer } from '../buffer-table.ts';
import { ForgeError } from '../forge-error.ts';
import type { Tensor } from '../graph/graph.ts';
import { createOffsetVector } from '../offset-vector.ts';
import { MODEL_SLOT, TFLITE_IDENTIFIER, TFLITE_VERSION } from '../tflite-reader.ts';
import {
  OPERATOR,
  OPERATOR_CODE_SLOT,
  OPERATOR_SLOT,
  SUBGRAPH_SLOT,
  TENSOR_SLOT,
  TENSOR_TYPE,
} from './schema.ts';

/** A member of `BuiltinOptions`: the table's place in the union, and its fields by slot. */
export interface Options {
  unionType: number;
  /** Enums and booleans. */
  bytes: Readonly<Record<number, number>>;
  integers: Readonly<Record<number, number>>;
}

interface TensorTable {
  name: string;
  shape: readonly number[];
  type: number;
  /** Index of its buffer; 0 is the empty one. */
  buffer: number;
}

interface OperatorTable {
  /** Index into the operator codes. */
  code: number;
  inputs: readonly number[];
  output: number;
  options: Options | undefined;
}

/** The version of DEQUANTIZE that takes float16. */
const DEQUANTIZE_VERSION = 3;

/** More slots than any table here has; those without a field cost nothing. */
const MAX_FIELDS = 10;

/** Up to this code, the old byte-sized field says it too. */
const MAX_BYTE_CODE = 127;

/** Collects what the file will hold. */
export class TfliteNetwork {
  readonly #tensors: TensorTable[] = [];
  readonly #buffers: Uint8Array[] = [new Uint8Array()];
  readonly #operators: OperatorTable[] = [];
  readonly #codes: { code: number; version: number }[] = [];
  readonly #inputs: readonly Tensor[];
  readonly #outputs: readonly Tensor[];
  readonly #indices = new Map<Tensor, number>();

  constructor(inputs: readonly Tensor[], outputs: readonly Tensor[]) {
    this.#inputs = inputs;
    this.#outputs = outputs;
    for (const input of inputs) this.#indexOf(input);
  }

  /** Adds an operator of that code and version. */
  add(
    [code, version]: readonly [code: number, version: number],
    inputs: readonly Tensor[],
    output: Tensor,
    options?: Options,
  ): void {
    const indices = inputs.map((input) => this.#indexOf(input));
    this.#addOperator(code, version, indices, this.#indexOf(output), options);
  }

  /** A small int32 constant that an operator takes as an input. */
  parameter(name: string, shape: readonly number[], values: readonly number[]): Tensor {
    return { name, shape, constant: { type: 'int32', values: Int32Array.from(values) } };
  }

  /** The encoded file. */
  encode(): Uint8Array {
    const builder = new Builder(this.#buffers.reduce((sum, { length }) => sum + length, 0));
    const inputs = this.#inputs.map((tensor) => this.#indexOf(tensor));
    const outputs = this.#outputs.map((tensor) => this.#indexOf(tensor));
    const buffers = createOffsetVector(
      builder,
      this.#buffers.map((bytes) => createBuffer(builder, bytes)),
    );
    const subgraph = createTable(builder, {
      [SUBGRAPH_SLOT.tensors]: createOffsetVector(
        builder,
        this.#tensors.map((tensor) => createTensor(builder, tensor)),
      ),
      [SUBGRAPH_SLOT.inputs]: createIntegers(builder, inputs),
      [SUBGRAPH_SLOT.outputs]: createIntegers(builder, outputs),
      [SUBGRAPH_SLOT.operators]: createOffsetVector(
        builder,
        this.#operators.map((operator) => createOperator(builder, operator)),
      ),
    });
    const subgraphs = createOffsetVector(builder, [subgraph]);
    const codes = createOffsetVector(
      builder,
      this.#codes.map(({ code, version }) => createCode(builder, code, version)),
    );
    builder.startObject(MAX_FIELDS);
    builder.addFieldInt32(MODEL_SLOT.version, TFLITE_VERSION, 0);
    builder.addFieldOffset(MODEL_SLOT.operatorCodes, codes, 0);
    builder.addFieldOffset(MODEL_SLOT.subgraphs, subgraphs, 0);
    builder.addFieldOffset(MODEL_SLOT.buffers, buffers, 0);
    builder.finish(builder.endObject(), TFLITE_IDENTIFIER);
    return builder.asUint8Array();
  }

  #addOperator(
    code: number,
    version: number,
    inputs: readonly number[],
    output: number,
    options?: Options,
  ): void {
    let index = this.#codes.findIndex((each) => each.code === code && each.version === version);
    if (index < 0) index = this.#codes.push({ code, version }) - 1;
    this.#operators.push({ code: index, inputs, output, options });
  }

  #indexOf(tensor: Tensor): number {
    const existing = this.#indices.get(tensor);
    if (existing !== undefined) return existing;
    const index = tensor.constant
      ? this.#addConstant(tensor, tensor.constant)
      : this.#addTensor(tensor, TENSOR_TYPE.float32, 0);
    this.#indices.set(tensor, index);
    return index;
  }

  /** TFLite's kernels take float32, so that half-precision weights pass through a DEQUANTIZE. */
  #addConstant(tensor: Tensor, { type, values }: NonNullable<Tensor['constant']>): number {
    if (type === 'int8' || type === 'uint8') {
      throw new ForgeError(
        `The forge does not write 8-bit weights such as ${tensor.name} to TFLite.`,
      );
    }
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const stored = this.#addTensor(tensor, TENSOR_TYPE[type], this.#buffers.push(bytes) - 1);
    if (type !== 'float16') return stored;
    const expanded = this.#addTensor(tensor, TENSOR_TYPE.float32, 0);
    this.#addOperator(OPERATOR.dequantize, DEQUANTIZE_VERSION, [stored], expanded);
    return expanded;
  }

  #addTensor({ name, shape }: Tensor, type: number, buffer: number): number {
    return this.#tensors.push({ name, shape, type, buffer }) - 1;
  }
}

function createTensor(builder: Builder, { name, shape, type, buffer }: TensorTable): Offset {
  const nameOffset = builder.createString(name);
  const shapeOffset = createIntegers(builder, shape);
  builder.startObject(MAX_FIELDS);
  builder.addFieldOffset(TENSOR_SLOT.shape, shapeOffset, 0);
  builder.addFieldInt8(TENSOR_SLOT.type, type, 0);
  builder.addFieldInt32(TENSOR_SLOT.buffer, buffer, 0);
  builder.addFieldOffset(TENSOR_SLOT.name, nameOffset, 0);
  return builder.endObject();
}

function createOperator(
  builder: Builder,
  { code, inputs, output, options }: OperatorTable,
): Offset {
  const optionsOffset = options ? createOptions(builder, options) : 0;
  const inputsOffset = createIntegers(builder, inputs);
  const outputsOffset = createIntegers(builder, [output]);
  builder.startObject(MAX_FIELDS);
  builder.addFieldInt32(OPERATOR_SLOT.codeIndex, code, 0);
  builder.addFieldOffset(OPERATOR_SLOT.inputs, inputsOffset, 0);
  builder.addFieldOffset(OPERATOR_SLOT.outputs, outputsOffset, 0);
  builder.addFieldInt8(OPERATOR_SLOT.optionsType, options?.unionType ?? 0, 0);
  builder.addFieldOffset(OPERATOR_SLOT.options, optionsOffset, 0);
  return builder.endObject();
}

function createOptions(builder: Builder, { bytes, integers }: Options): Offset {
  builder.startObject(MAX_FIELDS);
  // Written even where they are the schema's default: not every default is zero.
  builder.forceDefaults(true);
  for (const [slot, value] of Object.entries(integers))
    builder.addFieldInt32(Number(slot), value, 0);
  for (const [slot, value] of Object.entries(bytes)) builder.addFieldInt8(Number(slot), value, 0);
  builder.forceDefaults(false);
  return builder.endObject();
}

function createCode(builder: Builder, code: number, version: number): Offset {
  builder.startObject(MAX_FIELDS);
  builder.addFieldInt8(OPERATOR_CODE_SLOT.deprecatedCode, Math.min(code, MAX_BYTE_CODE), 0);
  builder.addFieldInt32(OPERATOR_CODE_SLOT.version, version, 0);
  builder.addFieldInt32(OPERATOR_CODE_SLOT.code, code, 0);
  return builder.endObject();
}

function createTable(builder: Builder, references: Readonly<Record<number, Offset>>): Offset {
  builder.startObject(MAX_FIELDS);
  for (const [slot, offset] of Object.entries(references)) {
    builder.addFieldOffset(Number(slot), offset, 0);
  }
  return builder.endObject();
}

function createIntegers(builder: Builder, values: readonly number[]): Offset {
  const { BYTES_PER_ELEMENT } = Int32Array;
  builder.startVector(BYTES_PER_ELEMENT, values.length, BYTES_PER_ELEMENT);
  // A Builder writes back to front.
  for (const value of values.toReversed()) builder.addInt32(value);
  return builder.endVector();
}
