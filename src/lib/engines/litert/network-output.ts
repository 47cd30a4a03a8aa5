// One output of a compiled network: how what the network left becomes readable by the CPU.
import type { Tensor as LitertTensor, TensorDetails } from '@litertjs/core';
import type { Tensor } from '../../pipelines/tensor-runner.ts';
import { createArray, readTensor } from './tensor-memory.ts';

/** Finds its own among a run's results and copies it to where the CPU reads; the next reading overwrites it. */
export type NetworkOutput = {
  readonly name: string;
  read(results: Readonly<Record<string, LitertTensor>>): Promise<Tensor>;
};

/** An output. Throws an Error, to be read as a part of a sentence, where it leaves a dimension open. */
export function createNetworkOutput(details: TensorDetails): NetworkOutput {
  const { name, shape } = details;
  const ownShape = [...shape];
  const own = createArray(details);
  return {
    name,
    async read(results) {
      const result = results[name];
      if (!result) throw new Error(`its output ${name} is missing`);
      if (result.accelerator === 'webgpu') return { shape: ownShape, data: await result.data() };
      readTensor(result, own);
      return { shape: ownShape, data: own };
    },
  };
}
