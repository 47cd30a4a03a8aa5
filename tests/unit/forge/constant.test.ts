// Reordering and dequantising constants, against values written out by hand.
import { describe, expect, it } from 'vitest';
import {
  dequantize,
  permuteConstant,
  permuteShape,
  type Constant,
} from '../../../tools/forge/graph/constant.ts';

describe('permuteConstant', () => {
  it('moves channels first', () => {
    // 1 × 2 × 2 × 3, the value is row, column, channel.
    const values = Float32Array.of(0, 1, 2, 10, 11, 12, 100, 101, 102, 110, 111, 112);
    const { values: moved } = permuteConstant(
      { type: 'float32', values },
      [1, 2, 2, 3],
      [0, 3, 1, 2],
    );
    expect([...moved]).toEqual([0, 10, 100, 110, 1, 11, 101, 111, 2, 12, 102, 112]);
    expect(permuteShape([1, 2, 2, 3], [0, 3, 1, 2])).toEqual([1, 3, 2, 2]);
  });

  it('leaves the original alone', () => {
    const values = Uint16Array.of(1, 2, 3, 4, 5, 6);
    const moved = permuteConstant({ type: 'float16', values }, [2, 3], [1, 0]);
    expect(moved).toEqual({ type: 'float16', values: Uint16Array.of(1, 4, 2, 5, 3, 6) });
    expect([...values]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('takes the axis of the scales along', () => {
    const constant: Constant = {
      type: 'int8',
      values: Int8Array.of(1, 2, 3, 4),
      quantization: { scales: [1, 2], zeroPoints: [0, 0], axis: 0 },
    };
    const moved = permuteConstant(constant, [2, 1, 2], [2, 1, 0]);
    expect(moved.quantization.axis).toBe(2);
    expect([...moved.values]).toEqual([1, 3, 2, 4]);
  });
});

describe('dequantize', () => {
  it('is scale × (integer − zero point) for a whole tensor', () => {
    const quantization = { scales: [0.5], zeroPoints: [3], axis: 0 };
    const values = Int8Array.of(-128, 3, 5, 127);
    expect([...dequantize({ type: 'int8', values, quantization }, [2, 2])]).toEqual([
      -65.5, 0, 1, 62,
    ]);
  });

  it('takes scale and zero point by the index of their axis', () => {
    const quantization = { scales: [1, 10], zeroPoints: [0, 100], axis: 1 };
    const values = Uint8Array.of(1, 2, 101, 102, 3, 4, 103, 104);
    expect([...dequantize({ type: 'uint8', values, quantization }, [2, 2, 2])]).toEqual([
      1, 2, 10, 20, 3, 4, 30, 40,
    ]);
  });
});
