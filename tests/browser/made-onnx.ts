// ONNX files for tests, made here: a network of one or a few operators, and networks that no runtime takes.
import { encodeOnnx } from '../../tools/forge/onnx/onnx-messages.ts';
import type { OnnxNode } from '../../tools/forge/onnx/onnx-messages.ts';

/** What a made network takes as `x` and gives as `y`. */
export const MADE_SHAPE: readonly number[] = [1, 4];

/** The operators one after the other, from the input `x` to the output `y`, both float32. */
export function chainOf(...operators: readonly Pick<OnnxNode, 'opType' | 'attributes'>[]) {
  const nodes = operators.map((operator, index) => ({
    ...operator,
    inputs: [index === 0 ? 'x' : `value_${index}`],
    output: index === operators.length - 1 ? 'y' : `value_${index + 1}`,
  }));
  return network(nodes);
}

/** `TensorProto.DataType` of onnx.proto. */
const ELEMENT_TYPE = { float32: 1, uint16: 4 };

/** Shifts 16-bit integers, which ONNX's definition of BitShift allows and ONNX Runtime does not have. */
export function shiftOfUint16(): Uint8Array<ArrayBuffer> {
  return network([
    { opType: 'Cast', inputs: ['x'], output: 'whole', attributes: { to: ELEMENT_TYPE.uint16 } },
    {
      opType: 'BitShift',
      inputs: ['whole', 'whole'],
      output: 'shifted',
      attributes: { direction: 'LEFT' },
    },
    { opType: 'Cast', inputs: ['shifted'], output: 'y', attributes: { to: ELEMENT_TYPE.float32 } },
  ]);
}

function network(nodes: readonly OnnxNode[]): Uint8Array<ArrayBuffer> {
  const encoded = encodeOnnx({
    name: 'made',
    producer: 'Kinemark tests',
    nodes,
    initializers: [],
    inputs: [{ name: 'x', shape: MADE_SHAPE }],
    outputs: [{ name: 'y', shape: MADE_SHAPE }],
  });
  return new Uint8Array(encoded);
}
