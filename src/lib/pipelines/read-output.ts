// Reading what a network gave: every pipeline does it here, so that no pose is made of NaN.
import { PipelineError } from './pose-pipeline.ts';
import type { Tensor, TensorData } from './tensor-runner.ts';

/**
 * An output by its name. Throws a PipelineError as `requireNumbers` does, and an Error when the runtime did
 * not give the output, which is a fault of the runtime.
 */
export function readOutput(outputs: Readonly<Record<string, Tensor>>, name: string): Tensor {
  const output = readUncheckedOutput(outputs, name);
  requireNumbers(output.data);
  return output;
}

/**
 * The same for a large output of which few elements are used, without a look at each. Whoever decodes it
 * calls `requireNumbers` with what it made of them.
 */
export function readUncheckedOutput(
  outputs: Readonly<Record<string, Tensor>>,
  name: string,
): Tensor {
  const output = outputs[name];
  if (!output) throw new Error(`The runtime did not give the network's output "${name}".`);
  return output;
}

/** Throws a PipelineError when an element is NaN or infinite. */
export function requireNumbers(data: TensorData): void {
  if (!(data instanceof Float32Array)) return;
  for (let index = 0; index < data.length; index += 1) {
    if (Number.isFinite(data[index])) continue;
    throw new PipelineError(
      'The network gave values that are no numbers, as happens where a backend computes in half precision. Choose another backend for this model.',
    );
  }
}
