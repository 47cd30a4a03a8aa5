// One compiled network of LiteRT.js as a TensorRunner. Its tensors lie where no garbage collector sees
// them, so each one is deleted here.
import type { CompiledModel, Tensor as LitertTensor, TensorDetails } from '@litertjs/core';
import type { TensorInfo, TensorRunner } from '../../pipelines/tensor-runner.ts';
import { EngineError } from '../pose-engine.ts';
import { reasonOf } from '../reason-of.ts';
import { withReason } from './litert-log.ts';
import { createNetworkInput } from './network-input.ts';
import { createNetworkOutput } from './network-output.ts';

/** A runner that owns the network. Throws an error when it has a tensor that LiteRT.js cannot run. */
export function createLitertRunner(model: CompiledModel): TensorRunner {
  const outputs = model.getOutputDetails().map(createNetworkOutput);
  const inputs = model.getInputDetails().map(createNetworkInput);
  const inputTensors = Object.fromEntries(inputs.map(({ name, tensor }) => [name, tensor]));
  return {
    inputs: model.getInputDetails().map(toInfo),
    outputs: model.getOutputDetails().map(toInfo),
    async run(given, wanted) {
      let results: Record<string, LitertTensor> = {};
      try {
        for (const input of inputs) input.write(given[input.name]);
        results = await withReason(() => model.run(inputTensors));
        const read = outputs
          .filter(({ name }) => wanted?.includes(name) ?? true)
          .map(async (output) => [output.name, await output.read(results)] as const);
        return Object.fromEntries(await Promise.all(read));
      } catch (cause) {
        throw new EngineError(
          `LiteRT.js could not run the network: ${reasonOf(cause)}. Choose another engine or backend for this model.`,
        );
      } finally {
        for (const result of Object.values(results)) result.delete();
      }
    },
    dispose() {
      for (const input of inputs) input.dispose();
      model.delete();
    },
  };
}

function toInfo({ name, dtype, shape }: TensorDetails): TensorInfo {
  return { name, type: dtype, shape: [...shape] };
}
