// Reading TFLite files of others: what is refused, in which words, and that damage never does more.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ForgeError } from '../../../tools/forge/forge-error.ts';
import type { Convolution, Operator } from '../../../tools/forge/graph/graph.ts';
import { writeOnnx } from '../../../tools/forge/onnx/write-onnx.ts';
import { findPosePackage } from '../../../tools/forge/pose-package.ts';
import { nameOperator } from '../../../tools/forge/tflite/operator-names.ts';
import { readGraph } from '../../../tools/forge/tflite/read-graph.ts';
import { TfliteNetwork, type Options } from '../../../tools/forge/tflite/tflite-network.ts';
import { writeTflite } from '../../../tools/forge/tflite/write-tflite.ts';
import { writeTfjs } from '../../../tools/forge/tfjs/write-tfjs.ts';
import { runOnnx, runTfjs, type RunTensor } from './run-models.ts';
import { graphOf, mixChannels, tensor, weights } from './tiny-graphs.ts';

const ONE_SENTENCE = /^[^\n]+\.$/;

/** A file with one operator on a 4 × 4 image, its code and options as in schema.fbs. */
function fileWith(code: number, options?: Options): Uint8Array {
  const [input, output] = [tensor('input', 1, 4, 4, 1), tensor('output', 1, 4, 4, 1)];
  const network = new TfliteNetwork([input], [output]);
  network.add([code, 1], [input, input], output, options);
  return network.encode();
}

function refusalOf(bytes: Uint8Array): string {
  try {
    readGraph({ name: 'own.tflite', bytes });
  } catch (error) {
    if (error instanceof ForgeError) return error.message;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

describe('readGraph', () => {
  it.each([
    [
      28,
      /^own\.tflite cannot be converted: it uses the operator TANH, which the forge does not know/,
    ],
    [53, /the operator CAST,/],
    [150, /the operator GELU,/],
    [200, /the operator number 200,/],
  ])('names the unknown operator %i', (code, message) => {
    const refusal = refusalOf(fileWith(code));
    expect(refusal).toMatch(message);
    expect(refusal).toMatch(/it converts networks made of ADD, CONCATENATION, CONV_2D, /);
    expect(refusal).toMatch(ONE_SENTENCE);
  });

  it('names a fused activation it cannot convert', () => {
    const tanh = { unionType: 11, bytes: { 0: 4 }, integers: {} };
    expect(refusalOf(fileWith(0, tanh))).toMatch(
      /^own\.tflite cannot be converted: the operator ADD has TFLite's fused activation 4/,
    );
  });

  it('says that weights must be constant', () => {
    expect(refusalOf(fileWith(3))).toMatch(/the operator CONV_2D computes what .* a constant/);
  });

  it('refuses convolutions over groups of channels', () => {
    const input = tensor('input', 1, 1, 1, 4);
    const grouped = mixChannels(input, tensor('output', 1, 1, 1, 2), [
      [1, 2],
      [3, 4],
    ]);
    expect(refusalOf(writeTflite(graphOf(input, grouped)))).toMatch(/CONV_2D works on groups/);
  });

  it('refuses what is no TFLite file', () => {
    const refusal = refusalOf(Buffer.from('{"format":"graph-model"}'));
    expect(refusal).toBe(
      'own.tflite cannot be used because it does not carry the TFLite file identifier TFL3; get the file ' +
        'again from where it came.',
    );
  });

  it('refuses a file cut short', () => {
    const whole = readFileSync(join(findPosePackage(), 'pose_landmark_lite.tflite'));
    expect(refusalOf(whole.subarray(0, 100_000))).toMatch(/because it is cut short or damaged;/);
  });

  it('works out SAME padding as TFLite does, the odd pixel below and to the right', () => {
    const input = tensor('input', 1, 5, 8, 1);
    const strides = { height: 2, width: 2 };
    const uneven = { top: 1, left: 0, bottom: 1, right: 1 };
    const written: Convolution = {
      ...mixChannels(input, tensor('output', 1, 3, 4, 1), [[1]]),
      filter: {
        name: 'filter',
        shape: [1, 3, 3, 1],
        constant: { type: 'float32', values: new Float32Array(9) },
      },
      strides,
      padding: uneven,
    };
    const { operators } = readGraph({
      name: 'own.tflite',
      bytes: writeTflite(graphOf(input, written)),
    });
    // TFLite keeps no more than the word: 5 rows need a zero row on both sides, 8 columns one on the right.
    expect(operators[0]).toMatchObject({ padding: uneven, strides });
  });
});

describe('names', () => {
  /** Adds each number to the input; the results are the outputs, named so. */
  function addingFile(inputName: string, outputNames: readonly string[]): Uint8Array {
    const input = tensor(inputName, 1, 1, 1, 1);
    const operators = outputNames.map((name, index): Operator => {
      const output = tensor(name, 1, 1, 1, 1);
      return { kind: 'add', inputs: [input, weights([1], [index])], output, activation: 'none' };
    });
    return writeTflite(graphOf(input, ...operators));
  }

  const namings: [string, string, string[], string[]][] = [
    ['that are missing', '', ['', ''], ['unnamed_1', 'unnamed_2', 'unnamed_3']],
    ['given twice', 'x', ['y', 'x', 'y'], ['x', 'y', 'x_1', 'y_1']],
    ['that a number would repeat', 'y', ['y', 'y_1', ''], ['y', 'y_2', 'y_1', 'unnamed_1']],
    [
      'that are fine',
      'in put:0',
      ['Identity', 'Identity_1'],
      ['in put:0', 'Identity', 'Identity_1'],
    ],
  ];

  it.each(namings)('%s come out distinct', async (_, inputName, outputNames, expected) => {
    const bytes = addingFile(inputName, outputNames);
    const graph = readGraph({ name: 'own.tflite', bytes });
    const names = [...graph.inputs, ...graph.outputs].map(({ name }) => name);
    expect(names).toEqual(expected);

    const one: RunTensor = { shape: [1, 1, 1, 1], values: Float32Array.of(1) };
    const sums = outputNames.map((__, index) => index + 1);
    const valuesOf = (results: Map<string, RunTensor>) =>
      [...results.values()].flatMap(({ values }) => [...values]);
    const asOnnx = await runOnnx(writeOnnx('own', graph), one);
    expect([...asOnnx.keys()]).toEqual(expected.slice(1));
    expect(valuesOf(asOnnx)).toEqual(sums);
    expect(valuesOf(await runTfjs(writeTfjs(graph), one))).toEqual(sums);
  });
});

describe('outputs', () => {
  const input = tensor('input', 1, 1, 1, 1);

  it.each([
    ['six', /^own\.tflite cannot be converted: its output six is a constant, which the forge/],
    ['', /its output without a name is a constant/],
  ])('that are constants are refused: "%s"', (name, message) => {
    const output = { ...weights([1], [6]), name };
    const refusal = refusalOf(new TfliteNetwork([input], [output]).encode());
    expect(refusal).toMatch(message);
    expect(refusal).toMatch(ONE_SENTENCE);
  });

  it('that are computed twice mean a damaged file', () => {
    const output = tensor('output', 1, 1, 1, 1);
    const network = new TfliteNetwork([input], [output]);
    network.add([14, 1], [input], output);
    network.add([14, 1], [input], output);
    expect(refusalOf(network.encode())).toMatch(/because it is cut short or damaged;/);
  });
});

describe('a damaged file', () => {
  it('is converted or refused, whatever byte is wrong', () => {
    const whole = writeTflite(someOfEverything());
    // A linear congruential generator (Numerical Recipes), so that a failure can be repeated.
    let state = 1;
    const random = (limit: number) => {
      state = (state * 1664525 + 1013904223) % 2 ** 32;
      return Math.floor((state / 2 ** 32) * limit);
    };
    let refused = 0;
    for (let round = 0; round < 2000; round++) {
      const bytes = whole.slice();
      bytes[random(bytes.length)] = random(256);
      try {
        const graph = readGraph({ name: 'own.tflite', bytes });
        writeOnnx('own', graph);
        writeTfjs(graph);
      } catch (error) {
        if (!(error instanceof ForgeError)) throw error;
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(100);
  });

  function someOfEverything() {
    const input = tensor('input', 1, 2, 2, 2);
    const mixed = tensor('mixed', 1, 2, 2, 2);
    const large = tensor('large', 1, 4, 4, 2);
    const list = tensor('list', 1, 32);
    const mix = mixChannels(input, mixed, [
      [1, 2],
      [3, 4],
    ]);
    const half = { type: 'float16', values: Uint16Array.of(1, 2, 3, 4) } as const;
    const operators: Operator[] = [
      { ...mix, filter: { name: 'filter', shape: [2, 1, 1, 2], constant: half } },
      { kind: 'resize-bilinear', input: mixed, output: large, alignment: 'half-pixel' },
      {
        kind: 'pad',
        input: large,
        output: tensor('padded', 1, 6, 6, 2),
        amounts: [
          [0, 0],
          [1, 1],
          [1, 1],
          [0, 0],
        ],
      },
      { kind: 'reshape', input: large, output: list },
      {
        kind: 'concatenation',
        inputs: [list, list],
        output: tensor('twice', 1, 64),
        axis: 1,
        activation: 'none',
      },
    ];
    return graphOf(input, ...operators);
  }
});

describe('nameOperator', () => {
  it.each([
    [0, 'ADD'],
    [53, 'CAST'],
    [124, 'DENSIFY'],
    [161, 'RIGHT_SHIFT'],
    [162, 'number 162'],
  ])('calls %i %s, as schema.fbs does', (code, name) => {
    expect(nameOperator(code, undefined)).toBe(name);
  });

  it('calls a custom operator by its own name', () => {
    expect(nameOperator(32, 'MaxPoolingWithArgmax2D')).toBe('MaxPoolingWithArgmax2D');
    expect(nameOperator(32, undefined)).toBe('CUSTOM');
  });
});
