// Writes a graph as a TF.js graph model: model.json and shards of weights, in the format of
// tensorflowjs_converter (tfjs-converter/docs and its `GraphModelArtifacts`).
import { absorbPadding } from '../graph/absorb-padding.ts';
import type { Graph, Tensor } from '../graph/graph.ts';
import type { OutputFile } from '../write-together.ts';
import { TfjsGraph, type Weight } from './tfjs-graph.ts';
import { addTfjsOperator } from './tfjs-operators.ts';

/** What browsers cache well; larger files are loaded whole or not at all. */
export const MAX_SHARD_BYTES = 4 * 1024 * 1024;

const CONVERTER = 'Kinemark model forge';

/** The version of TensorFlow's GraphDef in which all operators used here exist. */
const GRAPH_DEF_PRODUCER = 1087;

/**
 * The files of a graph model, names relative to its folder, model.json last. Inputs and outputs have the
 * names, shapes and layout of the graph's; characters that TF.js cannot have in a name become `_`, and names
 * that this makes the same are numbered.
 */
export function writeTfjs(graph: Graph): OutputFile[] {
  const { inputs, outputs, operators } = absorbPadding(graph);
  const target = new TfjsGraph(inputs, outputs);
  for (const operator of operators) addTfjsOperator(operator, target);

  const shards = shardWeights(target.weights);
  const model = {
    format: 'graph-model',
    generatedBy: CONVERTER,
    convertedBy: CONVERTER,
    signature: { inputs: describe(inputs, target), outputs: describe(outputs, target) },
    modelTopology: {
      node: target.nodes,
      library: {},
      versions: { producer: GRAPH_DEF_PRODUCER },
    },
    weightsManifest: [
      { paths: shards.map(({ name }) => name), weights: target.weights.map(({ spec }) => spec) },
    ],
  };
  return [...shards, { name: 'model.json', data: Buffer.from(JSON.stringify(model)) }];
}

function describe(tensors: readonly Tensor[], target: TfjsGraph): Record<string, object> {
  return Object.fromEntries(
    tensors.map((tensor) => {
      const name = target.value(tensor);
      const dim = tensor.shape.map((size) => ({ size: String(size) }));
      return [name, { name: `${name}:0`, dtype: 'DT_FLOAT', tensorShape: { dim } }];
    }),
  );
}

/** All weights one after the other, cut regardless of where one ends. */
function shardWeights(weights: readonly Weight[]): OutputFile[] {
  const all = Buffer.concat(
    weights.map(
      ({ values }) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    ),
  );
  const count = Math.ceil(all.length / MAX_SHARD_BYTES);
  return Array.from({ length: count }, (_, index) => ({
    name: `group1-shard${index + 1}of${count}.bin`,
    data: all.subarray(index * MAX_SHARD_BYTES, (index + 1) * MAX_SHARD_BYTES),
  }));
}
