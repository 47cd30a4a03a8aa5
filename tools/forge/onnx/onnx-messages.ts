// The messages of an ONNX file: field numbers and enums follow onnx/onnx.proto, IR version 8. Knows no
// operators; onnx-operators.ts does.
import { ProtobufMessage } from './protobuf-message.ts';

/** The operator set, by which every node is understood: https://onnx.ai/onnx/operators. */
export const ONNX_OPSET = 17;

/** The IR version that came with this operator set (ONNX 1.12). */
const IR_VERSION = 8;

const MODEL = { irVersion: 1, producerName: 2, graph: 7, opsetImport: 8 } as const;
const OPERATOR_SET_ID = { domain: 1, version: 2 } as const;
const GRAPH = { node: 1, name: 2, initializer: 5, input: 11, output: 12 } as const;
const NODE = { input: 1, output: 2, name: 3, opType: 4, attribute: 5 } as const;
const ATTRIBUTE = { name: 1, integer: 3, string: 4, integers: 8, type: 20 } as const;
const ATTRIBUTE_TYPE = { integer: 2, string: 3, integers: 7 } as const;
const VALUE_INFO = { name: 1, type: 2 } as const;
const TYPE = { tensorType: 1 } as const;
const TENSOR_TYPE = { elementType: 1, shape: 2 } as const;
const SHAPE = { dimension: 1 } as const;
const DIMENSION = { value: 1 } as const;
const TENSOR = { dimensions: 1, dataType: 2, name: 8, rawData: 9 } as const;

/** `TensorProto.DataType`. */
export const ELEMENT_TYPE = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  float16: 10,
} as const;

/** The element types the forge writes. */
export type ElementType = keyof typeof ELEMENT_TYPE;

/** The attributes of a node, by name. */
export type Attributes = Readonly<Record<string, number | string | readonly number[]>>;

/** One application of an operator. An input may be '' where an optional one is left out. */
export interface OnnxNode {
  opType: string;
  inputs: readonly string[];
  output: string;
  attributes: Attributes;
}

/** A constant. */
export interface Initializer {
  name: string;
  type: ElementType;
  shape: readonly number[];
  values: ArrayBufferView;
}

/** An input or output; float32 unless its type says otherwise. */
export interface ValueInfo {
  name: string;
  type?: ElementType;
  shape: readonly number[];
}

/** Everything in an ONNX file. */
export interface OnnxContent {
  name: string;
  producer: string;
  nodes: readonly OnnxNode[];
  initializers: readonly Initializer[];
  inputs: readonly ValueInfo[];
  outputs: readonly ValueInfo[];
}

/** Encodes the file. */
export function encodeOnnx(content: OnnxContent): Uint8Array {
  const graph = new ProtobufMessage();
  for (const node of content.nodes) graph.message(GRAPH.node, encodeNode(node));
  graph.string(GRAPH.name, content.name);
  for (const each of content.initializers) {
    graph.message(GRAPH.initializer, encodeInitializer(each));
  }
  for (const input of content.inputs) graph.message(GRAPH.input, encodeValueInfo(input));
  for (const output of content.outputs) graph.message(GRAPH.output, encodeValueInfo(output));

  const operatorSet = new ProtobufMessage()
    .string(OPERATOR_SET_ID.domain, '')
    .integer(OPERATOR_SET_ID.version, ONNX_OPSET);
  return new ProtobufMessage()
    .integer(MODEL.irVersion, IR_VERSION)
    .string(MODEL.producerName, content.producer)
    .message(MODEL.graph, graph)
    .message(MODEL.opsetImport, operatorSet)
    .finish();
}

/** A node is named after its output. */
function encodeNode({ opType, inputs, output, attributes }: OnnxNode): ProtobufMessage {
  const message = new ProtobufMessage();
  for (const input of inputs) message.string(NODE.input, input);
  message.string(NODE.output, output).string(NODE.name, output).string(NODE.opType, opType);
  for (const [name, value] of Object.entries(attributes)) {
    message.message(NODE.attribute, encodeAttribute(name, value));
  }
  return message;
}

function encodeAttribute(name: string, value: Attributes[string]): ProtobufMessage {
  const message = new ProtobufMessage().string(ATTRIBUTE.name, name);
  if (typeof value === 'number') {
    return message
      .integer(ATTRIBUTE.integer, value)
      .integer(ATTRIBUTE.type, ATTRIBUTE_TYPE.integer);
  }
  if (typeof value === 'string') {
    return message.string(ATTRIBUTE.string, value).integer(ATTRIBUTE.type, ATTRIBUTE_TYPE.string);
  }
  for (const each of value) message.integer(ATTRIBUTE.integers, each);
  return message.integer(ATTRIBUTE.type, ATTRIBUTE_TYPE.integers);
}

function encodeInitializer({ name, type, shape, values }: Initializer): ProtobufMessage {
  const message = new ProtobufMessage();
  for (const size of shape) message.integer(TENSOR.dimensions, size);
  return message
    .integer(TENSOR.dataType, ELEMENT_TYPE[type])
    .string(TENSOR.name, name)
    .bytes(TENSOR.rawData, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

function encodeValueInfo({ name, type = 'float32', shape }: ValueInfo): ProtobufMessage {
  const dimensions = new ProtobufMessage();
  for (const size of shape) {
    dimensions.message(SHAPE.dimension, new ProtobufMessage().integer(DIMENSION.value, size));
  }
  const tensorType = new ProtobufMessage()
    .integer(TENSOR_TYPE.elementType, ELEMENT_TYPE[type])
    .message(TENSOR_TYPE.shape, dimensions);
  return new ProtobufMessage()
    .string(VALUE_INFO.name, name)
    .message(VALUE_INFO.type, new ProtobufMessage().message(TYPE.tensorType, tensorType));
}
