// How a pipeline gets hold of its networks, and how it says that one does not fit.
import { PipelineError } from './pose-pipeline.ts';
import type { PipelineParts } from './pose-pipeline.ts';
import { describeShapes } from './tensor-shape.ts';
import type { NetworkShapes } from './tensor-shape.ts';
import type { TensorRunner } from './tensor-runner.ts';

/** The network with a role in the model. Throws a PipelineError when the model has none. */
export function findNetwork(parts: Pick<PipelineParts, 'networks'>, role: string): TensorRunner {
  const network = parts.networks[role];
  if (network) return network;
  const found = Object.keys(parts.networks).join(', ') || 'none';
  throw new PipelineError(
    `The pipeline needs a network named "${role}", but the model has ${found}. Choose another pipeline.`,
  );
}

/** What is thrown when a network's shapes are not those of a pipeline; `expected` are its own. */
export function misfit(pipeline: string, network: NetworkShapes, expected: string): PipelineError {
  const found = describeShapes(network.inputs, network.outputs);
  return new PipelineError(
    `The network's shapes are ${found}, but the ${pipeline} pipeline expects ${expected}. Choose another pipeline.`,
  );
}
