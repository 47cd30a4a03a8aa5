// What an ONNX file says of its network. Field numbers and types are those of onnx/onnx.proto.
import type { TensorInfo } from '../pipelines/tensor-runner.ts';
import { FormatError, toInterface } from './network-interface.ts';
import type { NetworkInterface, RawTensor } from './network-interface.ts';
import { bytesOf, textOf, valueOf } from './protobuf-fields.ts';

const MODEL = { graph: 7 };
const GRAPH = { nodes: 1, initializers: 5, inputs: 11, outputs: 12 };
const TENSOR = { name: 8, dataLocation: 14 };
const VALUE_INFO = { name: 1, type: 2 };
const TYPE = { tensor: 1 };
const TENSOR_TYPE = { elementType: 1, shape: 2 };
const SHAPE = { dimensions: 1 };
const DIMENSION = { value: 1 };

const DATA_IS_EXTERNAL = 1;

/** TensorProto.DataType, in the order of the enumeration. */
const typeNames = [
  'undefined',
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
];
const knownTypes: readonly string[] = ['float32', 'int32', 'uint8', 'int8'];

/** The interface of the graph. Throws a FormatError for anything that is no whole ONNX file. */
export function readOnnx(bytes: Uint8Array): NetworkInterface {
  try {
    const graph = bytesOf(bytes, MODEL.graph).at(-1);
    if (!graph || bytesOf(graph, GRAPH.nodes).length === 0) {
      throw new FormatError('it is no ONNX file');
    }
    const constants = bytesOf(graph, GRAPH.initializers);
    if (constants.some((each) => valueOf(each, TENSOR.dataLocation) === DATA_IS_EXTERNAL)) {
      throw new FormatError('it keeps its weights in a second file; save it as one');
    }
    const constantNames = new Set(constants.map((each) => textOf(each, TENSOR.name)));
    // Before IR version 4 constants were inputs as well.
    const inputs = bytesOf(graph, GRAPH.inputs)
      .map(toRawTensor)
      .filter(({ name }) => !constantNames.has(name));
    return toInterface(inputs, bytesOf(graph, GRAPH.outputs).map(toRawTensor));
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new FormatError('it is no ONNX file, or damaged, or cut off');
  }
}

function toRawTensor(valueInfo: Uint8Array): RawTensor {
  const name = textOf(valueInfo, VALUE_INFO.name);
  const type = bytesOf(valueInfo, VALUE_INFO.type).at(-1);
  const tensor = type && bytesOf(type, TYPE.tensor).at(-1);
  if (!tensor) return { name, type: null, typeName: 'no tensor', shape: [] };
  const typeName = typeNames[valueOf(tensor, TENSOR_TYPE.elementType) ?? 0] ?? 'of an unknown type';
  const shape = bytesOf(tensor, TENSOR_TYPE.shape).at(-1);
  return {
    name,
    type: knownTypes.includes(typeName) ? (typeName as TensorInfo['type']) : null,
    typeName,
    shape: shape ? bytesOf(shape, SHAPE.dimensions).map(toSize) : [],
  };
}

/** A dimension that has only a name, or is not told, or is negative is left open. */
function toSize(dimension: Uint8Array): number {
  const size = valueOf(dimension, DIMENSION.value) ?? 0;
  return size > 0 && Number.isSafeInteger(size) ? size : -1;
}
