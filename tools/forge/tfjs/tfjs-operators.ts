// The table of operators as the TensorFlow nodes that @tensorflow/tfjs-converter executes, in the fused form
// TensorFlow's own converter gives them, so that TF.js runs bias and activation inside the convolution.
import {
  applyOperator,
  type Activation,
  type Convolution,
  type DepthwiseConvolution,
  type Operator,
  type OperatorTable,
  type Padding,
  type Size,
  type Tensor,
} from '../graph/graph.ts';
import type { Attribute, TfjsGraph } from './tfjs-graph.ts';

/** Filters become height × width × input channels × output channels. */
const FILTER_ORDER = [1, 2, 3, 0] as const;

const ACTIVATION_OP = { relu: 'Relu', relu6: 'Relu6' } as const;

const NHWC = { data_format: text('NHWC') };

/** Appends the nodes for one operator. */
export function addTfjsOperator(operator: Operator, graph: TfjsGraph): void {
  applyOperator(operators, operator, graph);
}

const operators: OperatorTable<TfjsGraph> = {
  convolution(operator, graph) {
    const { input, filter, bias, output } = operator;
    const inputs = [graph.value(input), graph.constant(filter, FILTER_ORDER), graph.value(bias)];
    graph.define(output, '_FusedConv2D', inputs, fusedAttributes(operator));
  },

  'depthwise-convolution'(operator, graph) {
    const { input, filter, bias, output } = operator;
    const [, height, width, outputChannels] = filter.shape;
    const inputChannels = input.shape.at(-1)!;
    // TFLite's output channel is input channel × multiplier + index, which is TensorFlow's order too.
    const shape = [height!, width!, inputChannels, outputChannels! / inputChannels];
    const weights = graph.constant(filter, [...filter.shape.keys()], shape);
    const inputs = [graph.value(input), weights, graph.value(bias)];
    graph.define(output, 'FusedDepthwiseConv2dNative', inputs, fusedAttributes(operator));
  },

  'max-pool'(operator, graph) {
    const { input, window, strides, padding } = operator;
    // TFLite's pools know no other padding than these two.
    const isPadded = Object.values(padding).some((pixels) => pixels > 0);
    define(graph, operator, 'MaxPool', [graph.value(input)], {
      ...NHWC,
      ksize: windowAttribute(window),
      strides: windowAttribute(strides),
      padding: text(isPadded ? 'SAME' : 'VALID'),
    });
  },

  add(operator, graph) {
    define(
      graph,
      operator,
      'AddV2',
      operator.inputs.map((input) => graph.value(input)),
    );
  },

  concatenation(operator, graph) {
    const { inputs, axis } = operator;
    const names = inputs.map((input) => graph.value(input));
    define(graph, operator, 'ConcatV2', [...names, graph.parameter([], [axis])], {
      N: { i: String(inputs.length) },
      Tidx: { type: 'DT_INT32' },
    });
  },

  pad({ input, output, amounts }, graph) {
    const paddings = graph.parameter([amounts.length, 2], amounts.flat());
    graph.define(output, 'Pad', [graph.value(input), paddings], {
      Tpaddings: { type: 'DT_INT32' },
    });
  },

  'depth-to-space'({ input, output, blockSize }, graph) {
    graph.define(output, 'DepthToSpace', [graph.value(input)], {
      ...NHWC,
      block_size: { i: String(blockSize) },
    });
  },

  'resize-bilinear'({ input, output, alignment }, graph) {
    const size = graph.parameter([2], output.shape.slice(1, 3));
    graph.define(output, 'ResizeBilinear', [graph.value(input), size], {
      align_corners: { b: alignment === 'align-corners' },
      half_pixel_centers: { b: alignment === 'half-pixel' },
    });
  },

  reshape({ input, output }, graph) {
    const shape = graph.parameter([output.shape.length], output.shape);
    graph.define(output, 'Reshape', [graph.value(input), shape], { Tshape: { type: 'DT_INT32' } });
  },

  sigmoid({ input, output }, graph) {
    graph.define(output, 'Sigmoid', [graph.value(input)]);
  },
};

/** The node, followed by the operator's activation. */
function define(
  graph: TfjsGraph,
  { output, activation }: { output: Tensor; activation: Activation },
  ...[op, input, attr]: Parameters<TfjsGraph['node']>
): void {
  if (activation === 'none') graph.define(output, op, input, attr);
  else graph.define(output, ACTIVATION_OP[activation], [graph.node(op, input, attr)]);
}

function fusedAttributes(operator: Convolution | DepthwiseConvolution): Record<string, Attribute> {
  const { strides, dilations, padding, activation } = operator;
  const fused = activation === 'none' ? ['BiasAdd'] : ['BiasAdd', ACTIVATION_OP[activation]];
  return {
    ...NHWC,
    ...paddingAttributes(padding),
    strides: windowAttribute(strides),
    dilations: windowAttribute(dilations),
    fused_ops: { list: { s: fused.map(base64) } },
    num_args: { i: '1' },
    epsilon: { f: 0 },
  };
}

/** VALID where there is none: TF.js has faster code for some convolutions that are not padded. */
function paddingAttributes({ top, left, bottom, right }: Padding): Record<string, Attribute> {
  if (top + left + bottom + right === 0) return { padding: text('VALID') };
  const amounts = [0, 0, top, bottom, left, right, 0, 0];
  return {
    padding: text('EXPLICIT'),
    explicit_paddings: { list: { i: amounts.map(String) } },
  };
}

function windowAttribute({ height, width }: Size): Attribute {
  return { list: { i: [1, height, width, 1].map(String) } };
}

function text(value: string): Attribute {
  return { s: base64(value) };
}

function base64(value: string): string {
  return Buffer.from(value).toString('base64');
}
