// ONNX files for tests, made here: a network of one or a few operators, and networks that no runtime takes.
import { ELEMENT_TYPE, encodeOnnx } from '../../tools/forge/onnx/onnx-messages.ts';
import type { OnnxNode, ValueInfo } from '../../tools/forge/onnx/onnx-messages.ts';

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

/** `TensorProto.DataType` of onnx.proto, of a type that the forge does not write. */
const UINT16 = 4;

/** Shifts 16-bit integers, which ONNX's definition of BitShift allows and ONNX Runtime does not have. */
export function shiftOfUint16(): Uint8Array<ArrayBuffer> {
  return network([
    { opType: 'Cast', inputs: ['x'], output: 'whole', attributes: { to: UINT16 } },
    {
      opType: 'BitShift',
      inputs: ['whole', 'whole'],
      output: 'shifted',
      attributes: { direction: 'LEFT' },
    },
    { opType: 'Cast', inputs: ['shifted'], output: 'y', attributes: { to: ELEMENT_TYPE.float32 } },
  ]);
}

/** Gives `x` as `int64` and as `float16`. */
export function castOf(): Uint8Array<ArrayBuffer> {
  return network(
    (['int64', 'float16'] as const).map((type) => ({
      opType: 'Cast',
      inputs: ['x'],
      output: type,
      attributes: { to: ELEMENT_TYPE[type] },
    })),
    (['int64', 'float16'] as const).map((type) => ({ name: type, type, shape: MADE_SHAPE })),
  );
}

function network(
  nodes: readonly OnnxNode[],
  outputs: readonly ValueInfo[] = [{ name: 'y', shape: MADE_SHAPE }],
): Uint8Array<ArrayBuffer> {
  const encoded = encodeOnnx({
    name: 'made',
    producer: 'Kinemark tests',
    nodes,
    initializers: [],
    inputs: [{ name: 'x', shape: MADE_SHAPE }],
    outputs,
  });
  return new Uint8Array(encoded);
}
