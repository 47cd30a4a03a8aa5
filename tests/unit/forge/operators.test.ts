// Every operator in every format: tiny networks whose results are worked out by hand, run by ONNX Runtime
// Web and by TF.js, from the graph itself and from the TFLite file it becomes.
import { describe, expect, it } from 'vitest';
import type { Graph, Operator, Tensor } from '../../../tools/forge/graph/graph.ts';
import { writeOnnx } from '../../../tools/forge/onnx/write-onnx.ts';
import { readGraph } from '../../../tools/forge/tflite/read-graph.ts';
import { writeTflite } from '../../../tools/forge/tflite/write-tflite.ts';
import { writeTfjs } from '../../../tools/forge/tfjs/write-tfjs.ts';
import { runOnnx, runTfjs, type RunTensor } from './run-models.ts';
import { graphOf, mixChannels, tensor, weights } from './tiny-graphs.ts';

/** Results are sums of a few products of small numbers, up to 10^4; float32 leaves this much. */
const TOLERANCE_DIGITS = 3;

interface Case {
  title: string;
  /** Shape of the input. */
  shape: readonly number[];
  values: readonly number[];
  network: (input: Tensor) => Operator[];
  /** Values of every operator's result. */
  expected: readonly (readonly number[])[];
}

const cases: Case[] = [
  {
    title: 'a convolution whose padding is uneven',
    shape: [1, 4, 4, 1],
    values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
    // SAME with stride 2 over 4 × 4: one zero row below, one zero column to the right.
    network: (input) => [
      {
        ...mixChannels(input, tensor('sum', 1, 2, 2, 1), [[1]]),
        filter: weights([1, 3, 3, 1], [1, 1, 1, 1, 1, 1, 1, 1, 1]),
        bias: weights([1], [0.5]),
        strides: { height: 2, width: 2 },
        padding: { top: 0, left: 0, bottom: 1, right: 1 },
      },
    ],
    expected: [[54.5, 45.5, 72.5, 54.5]],
  },
  {
    title: 'a convolution over channels with bias and ReLU6',
    shape: [1, 1, 2, 2],
    values: [1, 0.25, 2, 3],
    network: (input) => {
      const rows = [
        [1, 10],
        [-1, 0],
        [0, 2],
      ];
      const mix = mixChannels(input, tensor('mixed', 1, 1, 2, 3), rows);
      return [{ ...mix, bias: weights([3], [0, 0, 1]), activation: 'relu6' }];
    },
    expected: [[3.5, 0, 1.5, 6, 0, 6]],
  },
  {
    title: 'a dilated convolution',
    shape: [1, 3, 3, 1],
    values: [1, 2, 3, 4, 5, 6, 7, 8, 9],
    network: (input) => [
      {
        ...mixChannels(input, tensor('corners', 1, 1, 1, 1), [[1]]),
        filter: weights([1, 2, 2, 1], [1, 10, 100, 1000]),
        dilations: { height: 2, width: 2 },
      },
    ],
    expected: [[9731]],
  },
  {
    title: 'a depthwise convolution, two filters per channel, with ReLU',
    shape: [1, 1, 2, 2],
    values: [1, 2, 3, 4],
    network: (input) => [
      {
        ...mixChannels(input, tensor('filtered', 1, 1, 1, 4), [[1]]),
        kind: 'depthwise-convolution',
        filter: weights([1, 1, 2, 4], [1, 1, 1, 1, 1, -1, 10, -10]),
        bias: weights([4], [0, 0, 0, 0.5]),
        activation: 'relu',
      },
    ],
    expected: [[4, 0, 42, 0]],
  },
  {
    title: 'max-pooling whose padding does not count',
    shape: [1, 3, 3, 1],
    values: [-1, -2, -3, -4, -5, -6, -7, -8, -9],
    network: (input) => [
      {
        kind: 'max-pool',
        input,
        output: tensor('largest', 1, 2, 2, 1),
        window: { height: 2, width: 2 },
        strides: { height: 2, width: 2 },
        padding: { top: 0, left: 0, bottom: 1, right: 1 },
        activation: 'none',
      },
    ],
    expected: [[-1, -3, -7, -9]],
  },
  {
    title: 'a sum with a constant per channel and ReLU6, before and after a convolution',
    shape: [1, 1, 2, 2],
    values: [1, 2, 9, 0.5],
    network: (input) => {
      const sum = tensor('sum', 1, 1, 2, 2);
      const swapped = tensor('swapped', 1, 1, 2, 2);
      const perChannel = weights([2], [1, -1]);
      const output = tensor('again', 1, 1, 2, 2);
      const swap = [
        [0, 1],
        [1, 0],
      ];
      return [
        { kind: 'add', inputs: [input, perChannel], output: sum, activation: 'relu6' },
        mixChannels(sum, swapped, swap),
        { kind: 'add', inputs: [swapped, perChannel], output, activation: 'none' },
      ];
    },
    expected: [
      [2, 1, 6, 0],
      [1, 2, 0, 6],
      [2, 1, 1, 5],
    ],
  },
  {
    title: 'joining channels of images in both layouts',
    shape: [1, 1, 2, 2],
    values: [1, 2, 3, 4],
    network: (input) => {
      const sum = tensor('sum', 1, 1, 2, 1);
      const output = tensor('joined', 1, 1, 2, 3);
      return [
        mixChannels(input, sum, [[1, 1]]),
        { kind: 'concatenation', inputs: [sum, input], output, axis: 3, activation: 'none' },
      ];
    },
    expected: [
      [3, 7],
      [3, 1, 2, 7, 3, 4],
    ],
  },
  {
    title: 'reshaping in the order of the original layout',
    shape: [1, 2, 2, 1],
    values: [1, 2, 3, 4],
    network: (input) => {
      const doubled = tensor('doubled', 1, 2, 2, 2);
      return [
        mixChannels(input, doubled, [[1], [10]]),
        { kind: 'reshape', input: doubled, output: tensor('list', 1, 8) },
      ];
    },
    expected: [
      [1, 10, 2, 20, 3, 30, 4, 40],
      [1, 10, 2, 20, 3, 30, 4, 40],
    ],
  },
  {
    title: 'padding channels, before and after a convolution',
    shape: [1, 1, 2, 2],
    values: [1, 2, 3, 4],
    network: (input) => {
      const padded = tensor('padded', 1, 1, 2, 3);
      const sums = tensor('sums', 1, 1, 2, 1);
      const amounts = [
        [0, 0],
        [0, 0],
        [0, 0],
        [0, 1],
      ] as const;
      return [
        { kind: 'pad', input, output: padded, amounts },
        mixChannels(padded, sums, [[1, 1, 1]]),
        { kind: 'pad', input: sums, output: tensor('again', 1, 1, 2, 2), amounts },
      ];
    },
    expected: [
      [1, 2, 0, 3, 4, 0],
      [3, 7],
      [3, 0, 7, 0],
    ],
  },
  {
    // Eight channels are two for each of the four pixels of a block, row by row.
    title: 'moving depth to space',
    shape: [1, 1, 2, 8],
    values: [1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 16, 17, 18],
    network: (input) => [
      { kind: 'depth-to-space', input, output: tensor('space', 1, 2, 4, 2), blockSize: 2 },
    ],
    expected: [[1, 2, 3, 4, 11, 12, 13, 14, 5, 6, 7, 8, 15, 16, 17, 18]],
  },
  enlarge('half-pixel', [0, 1, 3, 4, 2, 3, 5, 6, 6, 7, 9, 10, 8, 9, 11, 12]),
  enlarge('asymmetric', [0, 2, 4, 4, 4, 6, 8, 8, 8, 10, 12, 12, 8, 10, 12, 12]),
  enlarge('align-corners', [
    ...[0, 4 / 3, 8 / 3, 4],
    ...[8 / 3, 4, 16 / 3, 20 / 3],
    ...[16 / 3, 20 / 3, 8, 28 / 3],
    ...[8, 28 / 3, 32 / 3, 12],
  ]),
  {
    title: 'the logistic function',
    shape: [1, 1, 2, 2],
    values: [0, Math.log(3), -Math.log(3), Math.log(9)],
    network: (input) => [{ kind: 'sigmoid', input, output: tensor('probability', 1, 1, 2, 2) }],
    expected: [[0.5, 0.75, 0.25, 0.9]],
  },
];

/**
 * The forge does not write 8-bit constants to TFLite. Channel 0 holds (3 − 1) × 0.5 = 1, channel 1
 * (−2 − 2) × 4 = −16; before the convolution it meets TFLite's layout, after it ONNX's own.
 */
const eightBits: Case = {
  title:
    'a sum with an 8-bit constant that has a scale per channel, before and after a convolution',
  shape: [1, 1, 2, 2],
  values: [1, 2, 3, 4],
  network: (input) => {
    const sum = tensor('sum', 1, 1, 2, 2);
    const swapped = tensor('swapped', 1, 1, 2, 2);
    const output = tensor('again', 1, 1, 2, 2);
    const perChannel: Tensor = {
      name: 'per channel',
      shape: [2],
      constant: {
        type: 'int8',
        values: Int8Array.of(3, -2),
        quantization: { scales: [0.5, 4], zeroPoints: [1, 2], axis: 0 },
      },
    };
    const swap = [
      [0, 1],
      [1, 0],
    ];
    return [
      { kind: 'add', inputs: [input, perChannel], output: sum, activation: 'none' },
      mixChannels(sum, swapped, swap),
      { kind: 'add', inputs: [swapped, perChannel], output, activation: 'none' },
    ];
  },
  expected: [
    [2, -14, 4, -12],
    [-14, 2, -12, 4],
    [-13, -14, -11, -12],
  ],
};

/** Four pixels, 0 4 / 8 12, become 4 × 4. */
function enlarge(
  alignment: Extract<Operator, { kind: 'resize-bilinear' }>['alignment'],
  expected: readonly number[],
): Case {
  const output = tensor('large', 1, 4, 4, 1);
  return {
    title: `enlarging, ${alignment}`,
    shape: [1, 2, 2, 1],
    values: [0, 4, 8, 12],
    network: (input) => [{ kind: 'resize-bilinear', input, output, alignment }],
    expected: [expected],
  };
}

function buildCase({ shape, values, network }: Case): { graph: Graph; input: RunTensor } {
  const input = tensor('input', ...shape);
  return {
    graph: graphOf(input, ...network(input)),
    input: { shape, values: Float32Array.from(values) },
  };
}

function expectResults(
  results: Map<string, RunTensor>,
  graph: Graph,
  expected: Case['expected'],
): void {
  expect([...results.keys()]).toEqual(graph.outputs.map(({ name }) => name));
  graph.outputs.forEach(({ name, shape }, index) => {
    const result = results.get(name)!;
    expect(result.shape).toEqual(shape);
    expect([...result.values]).toHaveLength(expected[index]!.length);
    result.values.forEach((value, at) =>
      expect(value).toBeCloseTo(expected[index]![at]!, TOLERANCE_DIGITS),
    );
  });
}

describe.each([...cases, eightBits])('$title', (each) => {
  it('gives the right numbers as ONNX', async () => {
    const { graph, input } = buildCase(each);
    expectResults(await runOnnx(writeOnnx('tiny', graph), input), graph, each.expected);
  });

  it('gives the right numbers in TF.js', async () => {
    const { graph, input } = buildCase(each);
    expectResults(await runTfjs(writeTfjs(graph), input), graph, each.expected);
  });
});

it.each(cases)('$title survives being written to TFLite and read again', async (each) => {
  const { graph, input } = buildCase(each);
  const again = readGraph({ name: 'tiny.tflite', bytes: writeTflite(graph) });
  expectResults(await runOnnx(writeOnnx('tiny', again), input), graph, each.expected);
});
