// Making sparse tensors dense, on a matrix whose compressed rows are written out by hand.
import { Builder } from 'flatbuffers';
import { describe, expect, it } from 'vitest';
import { FlatbufferTable } from '../../../tools/forge/flatbuffer-table.ts';
import { createOffsetVector } from '../../../tools/forge/offset-vector.ts';
import { densify } from '../../../tools/forge/tflite/densify.ts';

/**
 * SparsityParameters of a matrix: the first axis in `order` is dense, the second compressed. Follows the
 * slots of schema.fbs as literals, so that a wrong constant in the forge cannot hide.
 */
function compressed(
  order: readonly number[],
  denseSize: number,
  segments: readonly number[],
  indices: readonly number[],
  options: { isWide?: boolean; blockMap?: readonly number[] } = {},
): FlatbufferTable {
  const builder = new Builder(256);
  const vector = (values: readonly number[]) => {
    const [bytes, add] = options.isWide
      ? [2, (value: number) => builder.addInt16(value)]
      : ([1, (value: number) => builder.addInt8(value)] as const);
    builder.startVector(bytes, values.length, 4);
    for (const value of values.toReversed()) add(value);
    const end = builder.endVector();
    builder.startObject(1);
    builder.addFieldOffset(0, end, 0);
    return builder.endObject();
  };
  const integers = (values: readonly number[]) => {
    builder.startVector(4, values.length, 4);
    for (const value of values.toReversed()) builder.addInt32(value);
    return builder.endVector();
  };
  builder.startObject(6);
  builder.addFieldInt32(1, denseSize, 0);
  const dense = builder.endObject();
  const [segmentsAt, indicesAt] = [vector(segments), vector(indices)];
  const vectorType = options.isWide ? 2 : 3;
  builder.startObject(6);
  builder.addFieldInt8(0, 1, 0);
  builder.addFieldInt8(2, vectorType, 0);
  builder.addFieldOffset(3, segmentsAt, 0);
  builder.addFieldInt8(4, vectorType, 0);
  builder.addFieldOffset(5, indicesAt, 0);
  const sparse = builder.endObject();
  const orderAt = integers(order);
  const blockMapAt = integers(options.blockMap ?? []);
  const dimensions = createOffsetVector(builder, [dense, sparse]);
  builder.startObject(3);
  builder.addFieldOffset(0, orderAt, 0);
  builder.addFieldOffset(1, blockMapAt, 0);
  builder.addFieldOffset(2, dimensions, 0);
  builder.finish(builder.endObject());
  return FlatbufferTable.root(builder.asUint8Array());
}

describe('densify', () => {
  it.each([false, true])('puts the elements of each row in their columns (wide: %s)', (isWide) => {
    // Rows: 0 7 0 8 / empty / 9 0 0 0.
    const sparsity = compressed([0, 1], 3, [0, 2, 2, 3], [1, 3, 0], { isWide });
    const dense = new Float32Array(12);
    expect(densify(sparsity, [3, 4], [7, 8, 9], dense)).toBe(true);
    expect([...dense]).toEqual([0, 7, 0, 8, 0, 0, 0, 0, 9, 0, 0, 0]);
  });

  it('follows the order in which the axes were traversed', () => {
    // Columns: 7 in row 1 / 8 in row 0.
    const sparsity = compressed([1, 0], 2, [0, 1, 2], [1, 0]);
    const dense = new Float32Array(4);
    expect(densify(sparsity, [2, 2], [7, 8], dense)).toBe(true);
    expect([...dense]).toEqual([0, 8, 7, 0]);
  });

  it('declines blocks and writes nothing', () => {
    const dense = new Float32Array(4);
    const sparsity = compressed([0, 1], 2, [0, 1, 2], [1, 0], { blockMap: [1] });
    expect(densify(sparsity, [2, 2], [7, 8], dense)).toBe(false);
    expect([...dense]).toEqual([0, 0, 0, 0]);
  });

  it.each([
    ['an index past the last column', [0, 1, 2], [9, 0], [7, 8]],
    ['more places than elements', [0, 1, 2], [1, 0], [7]],
    ['more elements than places', [0, 1, 1], [1], [7, 8]],
    ['segments past the indices', [0, 1, 3], [1, 0], [7, 8, 9]],
  ])('refuses %s', (_, segments, indices, stored) => {
    const sparsity = compressed([0, 1], 2, segments, indices);
    expect(() => densify(sparsity, [2, 2], stored, new Float32Array(4))).toThrow(RangeError);
  });
});
