// What the model.json of a TensorFlow.js graph model says of its network and of its other files.
import * as v from 'valibot';
import { FormatError, toInterface } from './network-interface.ts';
import type { NetworkInterface, RawTensor } from './network-interface.ts';

/** A graph model as far as it matters before it runs. */
export type TfjsGraph = NetworkInterface & {
  /** Names of the files that hold the weights, relative to model.json. */
  readonly shards: readonly string[];
  /** Size of all weights as stored, in bytes; less than that where `hasUnsizedWeights`. */
  readonly weightBytes: number;
  /** Whether there are weights whose size their shape does not tell: strings. */
  readonly hasUnsizedWeights: boolean;
  readonly nodes: readonly TfjsNode[];
  readonly weights: readonly TfjsWeight[];
};

/** An operation; `strides` where it has any. */
export type TfjsNode = {
  readonly name: string;
  readonly op: string;
  readonly strides: readonly number[];
};

/** A tensor of weights; `storedType` is what it is quantised to, or else its own type. */
export type TfjsWeight = {
  readonly name: string;
  readonly shape: readonly number[];
  readonly storedType: string;
};

const BYTES_OF_TYPE: Readonly<Record<string, number>> = {
  complex64: 8,
  float32: 4,
  int32: 4,
  uint16: 2,
  float16: 2,
  uint8: 1,
  bool: 1,
};

const size = v.pipe(v.union([v.string(), v.number()]), v.transform(Number), v.integer());
const shape = v.object({
  dim: v.optional(v.array(v.object({ size: v.optional(size, -1) })), []),
  unknownRank: v.optional(v.boolean()),
});
const tensor = v.object({ dtype: v.string(), tensorShape: v.optional(shape) });
const signature = v.object({
  inputs: v.optional(v.record(v.string(), tensor), {}),
  outputs: v.optional(v.record(v.string(), tensor), {}),
});

const modelSchema = v.object({
  modelTopology: v.object({
    node: v.array(
      v.object({
        name: v.string(),
        op: v.string(),
        attr: v.optional(
          v.object({
            dtype: v.optional(v.object({ type: v.optional(v.string()) })),
            shape: v.optional(v.object({ shape: v.optional(shape) })),
            strides: v.optional(
              v.object({ list: v.optional(v.object({ i: v.optional(v.array(size)) })) }),
            ),
          }),
          {},
        ),
      }),
    ),
  }),
  signature: v.optional(signature),
  userDefinedMetadata: v.optional(v.object({ signature: v.optional(signature) })),
  weightsManifest: v.array(
    v.object({
      paths: v.array(v.string()),
      weights: v.array(
        v.object({
          name: v.string(),
          shape: v.array(v.number()),
          dtype: v.string(),
          quantization: v.optional(v.object({ dtype: v.string() })),
        }),
      ),
    }),
  ),
});

type Model = v.InferOutput<typeof modelSchema>;

/**
 * Reads a model.json. Outputs are those of its signature; a network without one (PoseNet) tells its inputs
 * only. Throws a FormatError for anything but a graph model with weights.
 */
export function readTfjs(modelJson: Uint8Array): TfjsGraph {
  const model = parse(modelJson);
  const weights = model.weightsManifest.flatMap((group) => group.weights.map(toWeight));
  const declared = model.signature ?? model.userDefinedMetadata?.signature;
  const inputs = Object.entries(declared?.inputs ?? {}).map(toRawTensor);
  const outputs = Object.entries(declared?.outputs ?? {}).map(toRawTensor);
  return {
    ...toInterface(inputs.length > 0 ? inputs : placeholders(model), outputs),
    shards: model.weightsManifest.flatMap(({ paths }) => paths),
    weightBytes: weights.reduce((sum, weight) => sum + bytesOf(weight), 0),
    hasUnsizedWeights: weights.some(({ storedType }) => !(storedType in BYTES_OF_TYPE)),
    nodes: model.modelTopology.node.map(({ name, op, attr }) => ({
      name,
      op,
      strides: attr.strides?.list?.i ?? [],
    })),
    weights,
  };
}

function parse(modelJson: Uint8Array): Model {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(modelJson));
  } catch {
    throw new FormatError('it is damaged or cut off');
  }
  const parsed = v.safeParse(modelSchema, json);
  if (parsed.success) return parsed.output;
  throw new FormatError('it describes no TensorFlow.js graph model with weights');
}

function toRawTensor([name, declared]: [string, v.InferOutput<typeof tensor>]): RawTensor {
  return {
    name: name.replace(/:\d+$/, ''),
    ...typeOf(declared.dtype),
    shape: declared.tensorShape?.dim.map((each) => each.size) ?? [],
  };
}

/** What a graph without a signature takes. */
function placeholders({ modelTopology }: Model): RawTensor[] {
  return modelTopology.node
    .filter(({ op }) => op === 'Placeholder')
    .map(({ name, attr }) => ({
      name,
      ...typeOf(attr.dtype?.type ?? 'DT_FLOAT'),
      shape: attr.shape?.shape?.dim.map((each) => each.size) ?? [],
    }));
}

function typeOf(dtype: string): Pick<RawTensor, 'type' | 'typeName'> {
  switch (dtype) {
    case 'DT_FLOAT':
      return { type: 'float32', typeName: 'float32' };
    case 'DT_INT32':
      return { type: 'int32', typeName: 'int32' };
    default:
      return { type: null, typeName: dtype.replace(/^DT_/, '').toLowerCase() };
  }
}

function toWeight({
  name,
  shape: sizes,
  dtype,
  quantization,
}: Model['weightsManifest'][number]['weights'][number]): TfjsWeight {
  return { name, shape: sizes, storedType: quantization?.dtype ?? dtype };
}

function bytesOf({ shape: sizes, storedType }: TfjsWeight): number {
  return sizes.reduce((product, each) => product * each, BYTES_OF_TYPE[storedType] ?? 0);
}
