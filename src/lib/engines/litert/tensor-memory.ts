// Arrays for LiteRT.js's tensors, and copies between them and its own memory. Its `toTypedArray` makes an
// array of every result anew, and that costs more than the copy.
import { getGlobalLiteRt } from '@litertjs/core';
import type { Tensor, TensorDetails, TypedArray } from '@litertjs/core';

/** An array of zeros for a tensor. Throws an error where the tensor leaves a dimension open. */
export function createArray({
  name,
  dtype,
  shape,
}: Pick<TensorDetails, 'name' | 'dtype' | 'shape'>): TypedArray {
  if (shape.some((size) => size < 0)) {
    throw new Error(`its tensor ${name} leaves a dimension open (${shape.join('×')})`);
  }
  const length = shape.reduce((product, size) => product * size, 1);
  switch (dtype) {
    case 'float32':
      return new Float32Array(length);
    case 'int32':
      return new Int32Array(length);
    case 'uint8':
      return new Uint8Array(length);
  }
}

/** Overwrites a tensor in LiteRT.js's memory; `data` has its type and length. */
export function writeTensor(tensor: Tensor, data: ArrayBufferView): void {
  const { HEAPU8, LiteRtTensorBufferLockMode } = getGlobalLiteRt().liteRtWasm;
  const address = tensor.liteRtTensorBuffer.lock(LiteRtTensorBufferLockMode.WRITE);
  HEAPU8.set(bytesOf(data), address);
  tensor.liteRtTensorBuffer.unlock();
}

/** Fills `target`, which has the tensor's type and length, from LiteRT.js's memory. */
export function readTensor(tensor: Tensor, target: ArrayBufferView): void {
  const { HEAPU8, LiteRtTensorBufferLockMode } = getGlobalLiteRt().liteRtWasm;
  const address = tensor.liteRtTensorBuffer.lock(LiteRtTensorBufferLockMode.READ);
  bytesOf(target).set(HEAPU8.subarray(address, address + target.byteLength));
  tensor.liteRtTensorBuffer.unlock();
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
