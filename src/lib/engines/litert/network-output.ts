// One output of a compiled network: how what the network left becomes readable by the CPU.
import type { Tensor as LitertTensor, TensorDetails, TypedArray } from '@litertjs/core';
import type { Tensor } from '../../pipelines/tensor-runner.ts';
import { createArray, readTensor } from './tensor-memory.ts';

/** Finds its own among a run's results and makes it readable; the next reading overwrites it. */
export type NetworkOutput = {
  readonly name: string;
  read(results: Readonly<Record<string, LitertTensor>>): Promise<Tensor>;
};

/**
 * An output. A result on a GPU is fetched at once. One in LiteRT.js's memory is copied when somebody
 * looks and must not be deleted before: pipelines leave masks and heat maps alone.
 */
export function createNetworkOutput({ name, dtype, shape }: TensorDetails): NetworkOutput {
  const ownShape = [...shape];
  let own: TypedArray | null = null;
  return {
    name,
    async read(results) {
      const result = results[name];
      if (!result) throw new Error(`its output ${name} is missing`);
      if (result.accelerator === 'webgpu') return { shape: ownShape, data: await result.data() };
      let hasRead = false;
      return {
        shape: ownShape,
        get data() {
          own ??= createArray(dtype, shape);
          if (!hasRead) readTensor(result, own);
          hasRead = true;
          return own;
        },
      };
    },
  };
}
