// Reading what a network gave.
import type { Tensor } from './tensor-runner.ts';

/** An output by its name. Throws an Error when the runtime did not give it, which is a fault of the runtime. */
export function readOutput(outputs: Readonly<Record<string, Tensor>>, name: string): Tensor {
  const output = outputs[name];
  if (!output) throw new Error(`The runtime did not give the network's output "${name}".`);
  return output;
}
