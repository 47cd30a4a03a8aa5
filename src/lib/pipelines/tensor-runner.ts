// The contract between a pipeline and whatever executes its network. No runtime's own types here.

/** Element types that pose networks take or give. */
export type TensorType = 'float32' | 'int32' | 'uint8' | 'int8';

/** The elements of a tensor, row-major. */
export type TensorData = Float32Array | Int32Array | Uint8Array | Int8Array;

/** What a network says of one of its inputs or outputs. A dimension it leaves open is -1. */
export type TensorInfo = {
  readonly name: string;
  readonly type: TensorType;
  readonly shape: readonly number[];
};

/** An output: its elements and the shape they really have. */
export type Tensor = {
  readonly shape: readonly number[];
  readonly data: TensorData;
};

/** Runs one raw network: named tensors in, named tensors out. */
export interface TensorRunner {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /**
   * Runs the network once. Resolves when the outputs named in `wanted`, or all of them, lie where the CPU
   * reads them; the others are left out, because copying what nobody reads takes time. The outputs belong
   * to the runner and may be overwritten by its next run; the inputs are the caller's and are not kept.
   * Throws an error with a sentence when the runtime fails.
   */
  run(
    inputs: Readonly<Record<string, InputTensor>>,
    wanted?: readonly string[],
  ): Promise<Readonly<Record<string, Tensor>>>;
  /** Frees the network's memory. */
  dispose(): void;
}

/** An input: its elements, and its shape in full where the network leaves a dimension open. */
export type InputTensor = Tensor;
