// Which padding goes into the convolutions behind it, and which must stay.
import { describe, expect, it } from 'vitest';
import { absorbPadding } from '../../../tools/forge/graph/absorb-padding.ts';
import type { Graph, Operator, Pad } from '../../../tools/forge/graph/graph.ts';
import { mixChannels, tensor } from './tiny-graphs.ts';

const input = tensor('input', 1, 4, 4, 1);
const padded = tensor('padded', 1, 7, 9, 1);
const output = tensor('output', 1, 7, 9, 1);
const spatial: Pad['amounts'] = [
  [0, 0],
  [1, 2],
  [2, 3],
  [0, 0],
];
const pad: Pad = { kind: 'pad', input, output: padded, amounts: spatial };
const convolution = mixChannels(padded, output, [[1]]);

function absorbed(...operators: Operator[]): readonly Operator[] {
  const graph: Graph = { inputs: [input], outputs: [operators.at(-1)!.output], operators };
  return absorbPadding(graph).operators;
}

describe('absorbPadding', () => {
  it('adds the zeros to those the convolution has', () => {
    const padding = { top: 1, left: 1, bottom: 1, right: 1 };
    expect(absorbed(pad, { ...convolution, padding })).toEqual([
      { ...convolution, input, padding: { top: 2, left: 3, bottom: 3, right: 4 } },
    ]);
  });

  it('serves several convolutions at once', () => {
    const other = mixChannels(padded, tensor('other', 1, 7, 9, 1), [[2]]);
    expect(absorbed(pad, convolution, other).map(({ kind }) => kind)).toEqual([
      'convolution',
      'convolution',
    ]);
  });

  const stays: [string, Operator[]][] = [
    ['channels are padded', [{ ...pad, amounts: [...spatial.slice(0, 3), [0, 1]] }, convolution]],
    ['something else reads it', [pad, convolution, { kind: 'sigmoid', input: padded, output }]],
    ['it is an output', [convolution, pad]],
  ];

  it.each(stays)('leaves the padding alone where %s', (_, operators) => {
    expect(absorbed(...operators)).toEqual(operators);
  });
});
