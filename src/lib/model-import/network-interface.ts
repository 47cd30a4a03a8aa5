// What a network takes and gives, as its file says.
import type { TensorInfo } from '../pipelines/tensor-runner.ts';

/** The inputs and outputs of a network. Outputs of types that no pipeline reads are left out. */
export type NetworkInterface = {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
};

/** A file is not of the format it should be. The message completes "because …" in a sentence. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}

/** What a format says of a tensor, before it is known whether its type is one that pipelines know. */
export type RawTensor = {
  readonly name: string;
  /** Null for a type that no pipeline takes or gives. */
  readonly type: TensorInfo['type'] | null;
  /** How the format calls the type, for messages. */
  readonly typeName: string;
  readonly shape: readonly number[];
};

/** The interface of a network. Throws a FormatError when it takes something that nobody can give it. */
export function toInterface(
  inputs: readonly RawTensor[],
  outputs: readonly RawTensor[],
): NetworkInterface {
  for (const { name, type, typeName } of inputs) {
    if (type === null)
      throw new FormatError(`its input "${name}" is ${typeName}, which no pipeline gives`);
  }
  return { inputs: inputs.flatMap(known), outputs: outputs.flatMap(known) };
}

function known({ name, type, shape }: RawTensor): TensorInfo[] {
  return type === null ? [] : [{ name, type, shape }];
}
