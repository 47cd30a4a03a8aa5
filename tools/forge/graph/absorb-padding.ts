// Moves zeros that stand around an image as an operator of their own into the convolutions that read them,
// which saves every runtime a copy of the image.
import type { Convolution, DepthwiseConvolution, Graph, Operator, Pad, Padding } from './graph.ts';
import { inputsOf } from './graph.ts';

type AnyConvolution = Convolution | DepthwiseConvolution;

/** Returns the graph without the `pad` operators whose only readers are convolutions. */
export function absorbPadding(graph: Graph): Graph {
  const absorbable = new Map(
    graph.operators
      .filter((operator) => operator.kind === 'pad')
      .filter((pad) => isAbsorbable(pad, graph))
      .map((pad) => [pad.output, pad]),
  );
  const operators = graph.operators
    .filter((operator) => operator.kind !== 'pad' || !absorbable.has(operator.output))
    .map((operator) => {
      const pad = isConvolution(operator) ? absorbable.get(operator.input) : undefined;
      return pad ? absorb(operator as AnyConvolution, pad) : operator;
    });
  return { ...graph, operators };
}

function isAbsorbable(pad: Pad, { operators, outputs }: Graph): boolean {
  const readers = operators.filter((operator) => inputsOf(operator).includes(pad.output));
  return (
    spatialPadding(pad) !== null && readers.every(isConvolution) && !outputs.includes(pad.output)
  );
}

function isConvolution(operator: Operator): operator is AnyConvolution {
  return operator.kind === 'convolution' || operator.kind === 'depthwise-convolution';
}

/** Null when it pads the batch or the channels too. */
function spatialPadding({ amounts }: Pad): Padding | null {
  const [batch, rows, columns, channels] = amounts;
  if (!batch || !rows || !columns || !channels) return null;
  if ([...batch, ...channels].some((amount) => amount !== 0)) return null;
  return { top: rows[0], bottom: rows[1], left: columns[0], right: columns[1] };
}

function absorb<C extends AnyConvolution>(convolution: C, pad: Pad): C {
  const own = convolution.padding;
  const added = spatialPadding(pad)!;
  const padding: Padding = {
    top: own.top + added.top,
    left: own.left + added.left,
    bottom: own.bottom + added.bottom,
    right: own.right + added.right,
  };
  return { ...convolution, input: pad.input, padding };
}
