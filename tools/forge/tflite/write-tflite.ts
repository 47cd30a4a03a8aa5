// Writes a graph that was read from TFLite as TFLite again: constants that were computed on loading
// (sparse ones made dense) are then plain constants, which every delegate understands.
import type { Graph } from '../graph/graph.ts';
import { TfliteNetwork } from './tflite-network.ts';
import { addTfliteOperator } from './write-operators.ts';

/** The bytes of a TFLite file, schema version 3. */
export function writeTflite({ inputs, outputs, operators }: Graph): Uint8Array {
  const network = new TfliteNetwork(inputs, outputs);
  for (const operator of operators) addTfliteOperator(operator, network);
  return network.encode();
}
