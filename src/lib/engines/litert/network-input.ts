// One input of a compiled network: the tensor it is read from, which lives as long as the network.
import { getWebGpuDevice, Tensor, TensorBufferType } from '@litertjs/core';
import type { TensorDetails } from '@litertjs/core';
import type { InputTensor } from '../../pipelines/tensor-runner.ts';
import { createArray, writeTensor } from './tensor-memory.ts';

/** Where an input goes. */
export type NetworkInput = {
  readonly name: string;
  readonly tensor: Tensor;
  /** Copies the elements to where the network reads them. Throws an error when they are not its own kind. */
  write(given: InputTensor | undefined): void;
  dispose(): void;
};

/** An input of zeros, in the memory that the network reads: LiteRT.js's own or the GPU's. */
export function createNetworkInput(details: TensorDetails): NetworkInput {
  const { name, dtype, shape, supportedBufferTypes } = details;
  const zeros = createArray(details);
  const device = supportedBufferTypes.has(TensorBufferType.HOST_MEMORY) ? null : getWebGpuDevice();
  const gpuBuffer = device?.createBuffer({
    size: zeros.byteLength,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
  });
  const tensor = gpuBuffer ? new Tensor(gpuBuffer, shape, dtype) : new Tensor(zeros, shape);
  return {
    name,
    tensor,
    write(given) {
      if (given?.data.constructor !== zeros.constructor || given.data.length !== zeros.length) {
        throw new Error(`its input ${name} needs ${zeros.length} elements of ${dtype}`);
      }
      if (gpuBuffer) device?.queue.writeBuffer(gpuBuffer, 0, given.data);
      else writeTensor(tensor, given.data);
    },
    dispose() {
      tensor.delete();
      gpuBuffer?.destroy();
    },
  };
}
