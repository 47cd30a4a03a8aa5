// Reads one tensor of a TFLite model, with its constant if it has one.
import type { FlatbufferTable } from '../flatbuffer-table.ts';
import { ForgeError } from '../forge-error.ts';
import { countElements, type Constant, type Quantization } from '../graph/constant.ts';
import type { Tensor } from '../graph/graph.ts';
import { BUFFER_SLOT } from '../tflite-reader.ts';
import { densify } from './densify.ts';
import { TENSOR_SLOT, TENSOR_TYPE } from './schema.ts';

/** Slots of `QuantizationParameters`. */
const QUANTIZATION_SLOT = { scales: 2, zeroPoints: 3, axis: 6 } as const;

/** A tensor as the file has it. */
export interface StoredTensor extends Tensor {
  /** Whether a runtime would find float32 numbers in it. */
  isFloat32: boolean;
}

/**
 * Reads a tensor; a sparse constant is made dense. Throws a ForgeError for a constant of a kind the forge
 * does not know, and a RangeError when its data do not fit its shape.
 */
export function readTensor(
  table: FlatbufferTable,
  buffers: readonly FlatbufferTable[],
): StoredTensor {
  const tensor: StoredTensor = {
    name: table.string(TENSOR_SLOT.name) ?? '',
    shape: table.int32s(TENSOR_SLOT.shape),
    isFloat32: (table.uint8(TENSOR_SLOT.type) ?? 0) === TENSOR_TYPE.float32,
  };
  const data = buffers[table.uint32(TENSOR_SLOT.buffer) ?? 0]?.bytes(BUFFER_SLOT.data);
  if (data && data.length > 0) tensor.constant = readConstant(table, tensor, data);
  return tensor;
}

function readConstant(table: FlatbufferTable, { name, shape }: Tensor, data: Uint8Array): Constant {
  const count = countElements(shape);
  // The copy is aligned for any element type, which the file need not be.
  const stored = constantOf(table, name, data.slice().buffer);
  const sparsity = table.table(TENSOR_SLOT.sparsity);
  if (!sparsity) {
    if (stored.values.length !== count) {
      throw new RangeError('A constant has another size than its shape says.');
    }
    return stored;
  }
  const dense = constantOf(table, name, new ArrayBuffer(count * stored.values.BYTES_PER_ELEMENT));
  if (densify(sparsity, shape, stored.values, dense.values)) return dense;
  throw new ForgeError(
    `The tensor ${name} is block-sparse, which the forge cannot read; export the network with dense weights.`,
  );
}

function constantOf(table: FlatbufferTable, name: string, data: ArrayBuffer): Constant {
  const type = table.uint8(TENSOR_SLOT.type) ?? 0;
  switch (type) {
    case TENSOR_TYPE.float32:
      return { type: 'float32', values: new Float32Array(data) };
    case TENSOR_TYPE.float16:
      return { type: 'float16', values: new Uint16Array(data) };
    case TENSOR_TYPE.int32:
      return { type: 'int32', values: new Int32Array(data) };
    case TENSOR_TYPE.uint8:
      return { type: 'uint8', values: new Uint8Array(data), quantization: quantizationOf(table) };
    case TENSOR_TYPE.int8:
      return { type: 'int8', values: new Int8Array(data), quantization: quantizationOf(table) };
    default:
      throw new ForgeError(
        `The constant ${name} has TFLite's element type ${type}, which the forge cannot read; export the ` +
          'network with float32, float16 or 8-bit weights.',
      );
  }
}

/** Without parameters, integers stand for themselves. */
function quantizationOf(table: FlatbufferTable): Quantization {
  const parameters = table.table(TENSOR_SLOT.quantization);
  const scales = parameters?.float32s(QUANTIZATION_SLOT.scales) ?? [];
  const zeroPoints = parameters?.int64s(QUANTIZATION_SLOT.zeroPoints) ?? [];
  if (scales.length === 0) return { scales: [1], zeroPoints: [0], axis: 0 };
  return {
    scales,
    zeroPoints: scales.map((_, index) => zeroPoints[index] ?? 0),
    axis: parameters?.int32(QUANTIZATION_SLOT.axis) ?? 0,
  };
}
