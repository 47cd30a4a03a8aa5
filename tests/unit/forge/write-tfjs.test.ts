// What a TF.js graph model is made of: names, fused operators, weights and shards. Its numbers are checked
// by operators.test.ts and runtimes-agree.test.ts.
import { beforeAll, describe, expect, it } from 'vitest';
import {
  readDetectorGraph,
  readLandmarkGraph,
  withJoinedDetections,
  withProbabilities,
} from '../../../tools/forge/blazepose-graphs.ts';
import type { Tensor } from '../../../tools/forge/graph/graph.ts';
import {
  findPosePackage,
  readPosePackage,
  type PosePackage,
} from '../../../tools/forge/pose-package.ts';
import { MAX_SHARD_BYTES, writeTfjs } from '../../../tools/forge/tfjs/write-tfjs.ts';
import type { OutputFile } from '../../../tools/forge/write-together.ts';
import { runTfjs } from './run-models.ts';
import { graphOf, mixChannels, tensor } from './tiny-graphs.ts';

interface Model {
  format: string;
  signature: { inputs: Record<string, object>; outputs: Record<string, object> };
  modelTopology: { node: { name: string; op: string; attr: Record<string, unknown> }[] };
  weightsManifest: { paths: string[]; weights: WeightSpec[] }[];
}

interface WeightSpec {
  name: string;
  shape: number[];
  dtype: string;
  quantization?: { dtype: string; original_dtype?: string; scale?: number; min?: number };
}

let source: PosePackage;

beforeAll(() => {
  source = readPosePackage(findPosePackage());
});

function modelOf(files: readonly OutputFile[]): Model {
  const { data } = files.find(({ name }) => name === 'model.json')!;
  return JSON.parse(Buffer.from(data).toString()) as Model;
}

/** As TF.js counts them (DTYPE_VALUE_SIZE_MAP). */
function bytesOf({ shape, dtype, quantization }: WeightSpec): number {
  const bytes: Record<string, number> = { float32: 4, int32: 4, float16: 2, uint8: 1 };
  return shape.reduce((product, size) => product * size, bytes[quantization?.dtype ?? dtype]!);
}

describe('the landmark network for TF.js', () => {
  let files: OutputFile[];
  let model: Model;

  beforeAll(() => {
    files = writeTfjs(withProbabilities(readLandmarkGraph(source.landmarks.full)));
    model = modelOf(files);
  });

  it('has the outputs that @tensorflow-models/pose-detection asks for', () => {
    const names = model.modelTopology.node.map(({ name }) => name);
    const outputs = Object.keys(model.signature.outputs);
    expect(outputs).toEqual([
      'ld_3d',
      'output_poseflag',
      'activation_segmentation',
      'activation_heatmap',
      'world_3d',
    ]);
    expect(outputs.filter((name) => !names.includes(name))).toEqual([]);
  });

  it('turns mask, heat maps and presence into probabilities itself', () => {
    const sigmoids = model.modelTopology.node.filter(({ op }) => op === 'Sigmoid');
    expect(sigmoids.map(({ name }) => name)).toEqual([
      'Sigmoid_1',
      'activation_segmentation',
      'activation_heatmap',
    ]);
  });

  it('fuses bias and activation into every convolution', () => {
    const ops = new Set(model.modelTopology.node.map(({ op }) => op));
    expect([...ops].sort()).toEqual(
      [
        'AddV2',
        'Const',
        'FusedDepthwiseConv2dNative',
        'MaxPool',
        'Placeholder',
        'Relu6',
        'Reshape',
        'ResizeBilinear',
        'Sigmoid',
        '_FusedConv2D',
      ].sort(),
    );
    const first = model.modelTopology.node.find(({ op }) => op === '_FusedConv2D')!;
    const fused = (first.attr['fused_ops'] as { list: { s: string[] } }).list.s;
    expect(fused.map((each) => Buffer.from(each, 'base64').toString())).toEqual([
      'BiasAdd',
      'Relu6',
    ]);
  });

  it('cuts the weights into shards of 4 MiB at most, all full but the last', () => {
    const [group] = model.weightsManifest;
    expect(group!.paths).toEqual(['group1-shard1of2.bin', 'group1-shard2of2.bin']);
    expect(files.map(({ name }) => name)).toEqual([...group!.paths, 'model.json']);
    expect(MAX_SHARD_BYTES).toBe(4194304);
    const sizes = files.slice(0, -1).map(({ data }) => data.length);
    expect(sizes[0]).toBe(MAX_SHARD_BYTES);
    expect(sizes[0]! + sizes[1]!).toBe(
      group!.weights.reduce((sum, weight) => sum + bytesOf(weight), 0),
    );
  });

  it('stores the weights in half precision', () => {
    const floats = model.weightsManifest[0]!.weights.filter(({ dtype }) => dtype === 'float32');
    expect(floats).toHaveLength(192);
    const expected = { dtype: 'float16', original_dtype: 'float32' };
    expect(floats.every(({ quantization }) => quantization?.dtype === 'float16')).toBe(true);
    expect(floats[0]!.quantization).toEqual(expected);
  });
});

describe('the detector for TF.js', () => {
  it('gives one tensor, 2254 × 13', () => {
    const files = writeTfjs(withJoinedDetections(readDetectorGraph(source.detector)));
    expect(modelOf(files).signature.outputs).toEqual({
      detections: {
        name: 'detections:0',
        dtype: 'DT_FLOAT',
        tensorShape: { dim: [{ size: '1' }, { size: '2254' }, { size: '13' }] },
      },
    });
  });
});

describe('writeTfjs', () => {
  const input = tensor('serving:0', 1, 1, 1, 2);
  const mix = mixChannels(input, tensor('StatefulCall:0', 1, 1, 1, 1), [[0, 0]]);

  function filterWith(scales: number[]): Tensor {
    const quantization = { scales, zeroPoints: scales.map(() => 1), axis: 3 };
    const constant = { type: 'int8', values: Int8Array.of(-128, 127), quantization } as const;
    return { name: 'filter', shape: [1, 1, 1, 2], constant };
  }

  it('replaces the characters that TF.js cannot have in names', () => {
    const { signature } = modelOf(writeTfjs(graphOf(input, mix)));
    expect(Object.keys(signature.inputs)).toEqual(['serving_0']);
    expect(Object.keys(signature.outputs)).toEqual(['StatefulCall_0']);
  });

  it('tells apart what that makes the same', async () => {
    const outputs = ['twice:1', 'twice_1', 'twice 1'].map((name) => tensor(name, 1, 1, 1, 1));
    const graph = graphOf(
      input,
      ...outputs.map((output, at) => mixChannels(input, output, [[at, 1]])),
    );
    const files = writeTfjs(graph);
    const names = modelOf(files).modelTopology.node.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const results = await runTfjs(files, { shape: input.shape, values: Float32Array.of(3, 4) });
    expect([...results].map(([name, { values }]) => [name, ...values])).toEqual([
      ['twice_1', 4],
      ['twice_1_1', 7],
      ['twice_1_2', 10],
    ]);
  });

  it('keeps 8-bit weights as uint8 with a scale and the value of 0', () => {
    const files = writeTfjs(graphOf(input, { ...mix, filter: filterWith([0.5]) }));
    const [filter] = modelOf(files).weightsManifest[0]!.weights;
    // −128 is stored as 0 and stands for 0.5 × (−128 − 1).
    const expected = { dtype: 'uint8', original_dtype: 'float32', scale: 0.5, min: -64.5 };
    expect(filter!.quantization).toEqual(expected);
    expect([...files[0]!.data.subarray(0, 2)]).toEqual([0, 255]);
  });

  it('writes weights with a scale per channel as float32', () => {
    const files = writeTfjs(graphOf(input, { ...mix, filter: filterWith([0.5, 2]) }));
    const [filter] = modelOf(files).weightsManifest[0]!.weights;
    expect(filter).toMatchObject({ dtype: 'float32', shape: [1, 1, 2, 1] });
    expect(filter!.quantization).toBeUndefined();
    const stored = Buffer.from(files[0]!.data);
    expect([stored.readFloatLE(0), stored.readFloatLE(4)]).toEqual([-64.5, 252]);
  });
});
