// Leaves out what a network computes for outputs that nobody reads.
import { inputsOf, type Graph, type Operator, type Tensor } from './graph.ts';

/** The network with only these of its outputs, in its own order, and the operators that lead to them. */
export function keepOutputs(graph: Graph, isKept: (output: Tensor) => boolean): Graph {
  const outputs = graph.outputs.filter(isKept);
  const wanted = new Set(outputs);
  const operators: Operator[] = [];
  for (const operator of graph.operators.toReversed()) {
    if (!wanted.has(operator.output)) continue;
    for (const input of inputsOf(operator)) wanted.add(input);
    operators.unshift(operator);
  }
  return { ...graph, outputs, operators };
}
