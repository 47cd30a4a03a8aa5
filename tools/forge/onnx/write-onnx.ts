// Writes a graph as an ONNX file for ONNX Runtime Web.
import { absorbPadding } from '../graph/absorb-padding.ts';
import type { Graph } from '../graph/graph.ts';
import { OnnxGraph } from './onnx-graph.ts';
import { encodeOnnx } from './onnx-messages.ts';
import { addOnnxOperator } from './onnx-operators.ts';

const PRODUCER = 'Kinemark model forge';

/**
 * The bytes of an ONNX file, opset 17, whose inputs and outputs have the names, shapes and layout of the
 * graph's: images go in and come out as batch × height × width × channels.
 */
export function writeOnnx(name: string, graph: Graph): Uint8Array {
  const { inputs, outputs, operators } = absorbPadding(graph);
  const target = new OnnxGraph(inputs, outputs);
  for (const operator of operators) addOnnxOperator(operator, target);
  return encodeOnnx(target.finish(name, PRODUCER));
}
