// Constants as models store them: half-precision or quantised where the file has them so, because a
// runtime expands them on loading. Knows no file format.

/** How stored integers stand for real numbers: scale × (integer − zero point). */
export interface Quantization {
  /** One for the whole tensor, or one per index of `axis`. */
  scales: readonly number[];
  zeroPoints: readonly number[];
  axis: number;
}

/** The elements of a constant, row-major. Float16 is kept as its bits, IEEE 754 binary16. */
export type Constant =
  | { type: 'float32'; values: Float32Array }
  | { type: 'float16'; values: Uint16Array }
  | { type: 'int8'; values: Int8Array; quantization: Quantization }
  | { type: 'uint8'; values: Uint8Array; quantization: Quantization }
  | { type: 'int32'; values: Int32Array };

type Values = Constant['values'];

/** How many elements a tensor of this shape has. */
export function countElements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** `shape` with its axes in the order `order`, which names the old axis for each new one. */
export function permuteShape(shape: readonly number[], order: readonly number[]): number[] {
  return order.map((axis) => shape[axis]!);
}

/** The constant with its axes in the order `order`, as in `permuteShape`; `shape` is the old one. */
export function permuteConstant<C extends Constant>(
  constant: C,
  shape: readonly number[],
  order: readonly number[],
): C {
  const values = permute(constant.values, shape, order);
  if (constant.type !== 'int8' && constant.type !== 'uint8') return { ...constant, values };
  const { quantization } = constant;
  return {
    ...constant,
    values,
    quantization: { ...quantization, axis: order.indexOf(quantization.axis) },
  };
}

/** The same constant after its shape has got `count` more axes in front. */
export function withLeadingAxes(constant: Constant, count: number): Constant {
  if (constant.type !== 'int8' && constant.type !== 'uint8') return constant;
  const { quantization } = constant;
  return { ...constant, quantization: { ...quantization, axis: quantization.axis + count } };
}

/** The real numbers that a quantised constant stands for. */
export function dequantize(
  { values, quantization }: Extract<Constant, { type: 'int8' | 'uint8' }>,
  shape: readonly number[],
): Float32Array {
  const { scales, zeroPoints, axis } = quantization;
  const innerCount = countElements(shape.slice(axis + 1));
  return Float32Array.from(values, (value, at) => {
    const channel = scales.length === 1 ? 0 : Math.floor(at / innerCount) % scales.length;
    return scales[channel]! * (value - zeroPoints[channel]!);
  });
}

function permute<V extends Values>(
  values: V,
  shape: readonly number[],
  order: readonly number[],
): V {
  const target = values.slice() as V;
  const strides = stridesOf(shape);
  let at = 0;
  const copy = (depth: number, from: number): void => {
    const size = shape[order[depth]!]!;
    const stride = strides[order[depth]!]!;
    const isInnermost = depth === order.length - 1;
    for (let index = 0; index < size; index++) {
      if (isInnermost) target[at++] = values[from + index * stride]!;
      else copy(depth + 1, from + index * stride);
    }
  };
  copy(0, 0);
  return target;
}

/** How far apart neighbours along each axis lie, in elements. */
function stridesOf(shape: readonly number[]): number[] {
  return shape.map((_, axis) => countElements(shape.slice(axis + 1)));
}
