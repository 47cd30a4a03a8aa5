// What a TFLite file says of its network. Slots and types are those of TensorFlow's
// tensorflow/compiler/mlir/lite/schema/schema.fbs, version 3.
import type { TensorInfo } from '../pipelines/tensor-runner.ts';
import { FlatbufferTable } from './flatbuffer-table.ts';
import { FormatError, toInterface } from './network-interface.ts';
import type { NetworkInterface, RawTensor } from './network-interface.ts';

const FILE_IDENTIFIER = 'TFL3';
const IDENTIFIER_AT = 4;

const MODEL = { subgraphs: 2, buffers: 4 };
const SUBGRAPH = { tensors: 0, inputs: 1, outputs: 2 };
const TENSOR = { shape: 0, type: 1, name: 3, shapeSignature: 7 };
const BUFFER = { data: 0 };

/** TensorType, in the order of the enumeration. */
const typeNames = [
  'float32',
  'float16',
  'int32',
  'uint8',
  'int64',
  'string',
  'bool',
  'int16',
  'complex64',
  'int8',
];
const knownTypes: readonly string[] = ['float32', 'int32', 'uint8', 'int8'];

/** The interface of the main graph. Throws a FormatError for anything that is no whole TFLite file. */
export function readTflite(bytes: Uint8Array): NetworkInterface {
  const identifier = new TextDecoder().decode(bytes.subarray(IDENTIFIER_AT, IDENTIFIER_AT + 4));
  if (identifier !== FILE_IDENTIFIER) throw new FormatError('it is no TFLite file');
  try {
    const model = FlatbufferTable.root(bytes);
    // Looking at every buffer shows whether the weights are all there.
    for (const buffer of model.tables(MODEL.buffers)) buffer.byteCount(BUFFER.data);
    const [main] = model.tables(MODEL.subgraphs);
    if (!main) throw new FormatError('it has no graph');
    const tensors = main.tables(SUBGRAPH.tensors);
    const rawTensor = (index: number): RawTensor => {
      const tensor = tensors[index];
      if (!tensor) throw new FormatError('its graph names a tensor that it does not have');
      return toRawTensor(tensor);
    };
    return toInterface(
      main.int32s(SUBGRAPH.inputs).map(rawTensor),
      main.int32s(SUBGRAPH.outputs).map(rawTensor),
    );
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new FormatError('it is damaged or cut off');
  }
}

function toRawTensor(tensor: FlatbufferTable): RawTensor {
  const typeName = typeNames[tensor.int8(TENSOR.type)] ?? 'of an unknown type';
  const signature = tensor.int32s(TENSOR.shapeSignature);
  return {
    name: tensor.string(TENSOR.name),
    type: knownTypes.includes(typeName) ? (typeName as TensorInfo['type']) : null,
    typeName,
    // The signature has -1 where the shape has a stand-in for a dimension left open.
    shape: signature.length > 0 ? signature : tensor.int32s(TENSOR.shape),
  };
}
