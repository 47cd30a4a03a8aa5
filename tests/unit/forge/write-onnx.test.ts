// What an ONNX file is made of: interface, weights, and how few transpositions. Its numbers are checked by
// operators.test.ts and runtimes-agree.test.ts.
import { beforeAll, describe, expect, it } from 'vitest';
import { readLandmarkGraph } from '../../../tools/forge/blazepose-graphs.ts';
import type { Tensor } from '../../../tools/forge/graph/graph.ts';
import { writeOnnx } from '../../../tools/forge/onnx/write-onnx.ts';
import { findPosePackage, readPosePackage } from '../../../tools/forge/pose-package.ts';
import { numbers, readOnnx, type ReadOnnx } from './read-protobuf.ts';
import { graphOf, mixChannels, tensor } from './tiny-graphs.ts';

/** `TensorProto.DataType`. */
const FLOAT = 1;
const INT8 = 3;
const FLOAT16 = 10;

function count(onnx: ReadOnnx, opType: string): number {
  return onnx.nodes.filter((node) => node.opType === opType).length;
}

describe('the landmark network as ONNX', () => {
  let onnx: ReadOnnx;

  beforeAll(() => {
    const { landmarks } = readPosePackage(findPosePackage());
    onnx = readOnnx(writeOnnx('lite', readLandmarkGraph(landmarks.lite)));
  });

  it('is opset 17 with the IR version that goes with it', () => {
    expect(onnx).toMatchObject({ opset: 17, irVersion: 8 });
  });

  it('takes an image as TFLite does and gives five named outputs', () => {
    expect(onnx.inputs).toEqual(['input_1: 1×256×256×3']);
    expect(onnx.outputs).toEqual([
      'ld_3d: 1×195',
      'output_poseflag: 1×1',
      'activation_segmentation: 1×256×256×1',
      'activation_heatmap: 1×64×64×39',
      'world_3d: 1×117',
    ]);
  });

  it('transposes at its ends only: the image, two images out, and three of a single pixel', () => {
    expect(count(onnx, 'Transpose')).toBe(6);
  });

  it('leaves the padding to the convolutions', () => {
    expect(count(onnx, 'Pad')).toBe(0);
    expect(count(onnx, 'Conv')).toBe(88);
  });

  it('keeps weights in half precision, each expanded by one Cast', () => {
    const halves = onnx.initializers.filter(({ type }) => type === FLOAT16);
    const casts = onnx.nodes.filter(({ opType }) => opType === 'Cast');
    expect(halves).toHaveLength(176);
    expect(casts.map(({ inputs }) => inputs[0])).toEqual(halves.map(({ name }) => name));
    expect(casts.every((cast) => numbers(cast.attributes.get('to')!, 3)[0] === FLOAT)).toBe(true);
  });

  it('computes every value once, before it is used', () => {
    const known = new Set(['input_1', '', ...onnx.initializers.map(({ name }) => name)]);
    for (const { inputs, outputs } of onnx.nodes) {
      expect(inputs.filter((name) => !known.has(name))).toEqual([]);
      expect(outputs.filter((name) => known.has(name))).toEqual([]);
      for (const name of outputs) known.add(name);
    }
  });
});

describe('quantised weights', () => {
  function quantised(scales: number[], zeroPoints: number[]): Tensor {
    const quantization = { scales, zeroPoints, axis: 0 };
    const constant = { type: 'int8', values: Int8Array.of(1, 2, 3, 4), quantization } as const;
    return { name: 'filter', shape: [2, 1, 1, 2], constant };
  }

  function writeWith(filter: Tensor): ReadOnnx {
    const input = tensor('input', 1, 1, 1, 2);
    const mix = mixChannels(input, tensor('output', 1, 1, 1, 2), [
      [0, 0],
      [0, 0],
    ]);
    return readOnnx(writeOnnx('tiny', graphOf(input, { ...mix, filter })));
  }

  it('stay 8 bits and are scaled by operators on constants', () => {
    const onnx = writeWith(quantised([0.5], [0]));
    const stored = onnx.initializers.find(({ type }) => type === INT8);
    expect(stored).toMatchObject({ shape: [2, 2, 1, 1], data: Buffer.from([1, 2, 3, 4]) });
    expect(onnx.nodes.map(({ opType }) => opType)).toEqual([
      'Cast',
      'Mul',
      'Transpose',
      'Conv',
      'Transpose',
    ]);
  });

  it('are scaled per channel after their zero point is taken off', () => {
    const onnx = writeWith(quantised([0.5, 2], [1, -1]));
    const [sub] = onnx.nodes.filter(({ opType }) => opType === 'Sub');
    const [mul] = onnx.nodes.filter(({ opType }) => opType === 'Mul');
    const parameterOf = (name: string) => {
      const { shape, data } = onnx.initializers.find((each) => each.name === name)!;
      return { shape, values: [data.readFloatLE(0), data.readFloatLE(4)] };
    };
    expect(parameterOf(sub!.inputs[1]!)).toEqual({ shape: [2, 1, 1, 1], values: [1, -1] });
    expect(parameterOf(mul!.inputs[1]!)).toEqual({ shape: [2, 1, 1, 1], values: [0.5, 2] });
  });
});
