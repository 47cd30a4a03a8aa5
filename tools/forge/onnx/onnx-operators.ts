// The table of operators as ONNX nodes (https://onnx.ai/onnx/operators, opset 17). Activations are nodes of
// their own, which ONNX Runtime fuses into the convolution or sum before them.
import {
  applyOperator,
  type Activation,
  type Convolution,
  type DepthwiseConvolution,
  type OperatorTable,
  type Operator,
  type Padding,
  type Size,
  type Tensor,
} from '../graph/graph.ts';
import { permuteShape } from '../graph/constant.ts';
import { CHANNELS_FIRST_ORDER, type Layout, type OnnxGraph } from './onnx-graph.ts';

const RELU6_LIMIT = 6;

const IMAGE_RANK = 4;

/** Filters become output channels × input channels × height × width. */
const FILTER_ORDER = [0, 3, 1, 2] as const;

/** A depthwise filter's output channels come first; its one input channel per group is TFLite's leading 1. */
const DEPTHWISE_FILTER_ORDER = [3, 0, 1, 2] as const;

const RESIZE_MODE = {
  'align-corners': 'align_corners',
  'half-pixel': 'half_pixel',
  asymmetric: 'asymmetric',
} as const;

/** Appends the nodes for one operator. */
export function addOnnxOperator(operator: Operator, graph: OnnxGraph): void {
  applyOperator(operators, operator, graph);
}

const operators: OperatorTable<OnnxGraph> = {
  convolution(operator, graph) {
    const { input, filter, bias } = operator;
    const weights = graph.constant(filter, FILTER_ORDER);
    const inputs = [graph.value(input, 'channels-first'), weights, graph.constant(bias, [0])];
    define(graph, operator, 'channels-first', 'Conv', inputs, {
      ...convolutionAttributes(operator),
      group: 1,
    });
  },

  'depthwise-convolution'(operator, graph) {
    const { input, filter, bias } = operator;
    const weights = graph.constant(filter, DEPTHWISE_FILTER_ORDER);
    const inputs = [graph.value(input, 'channels-first'), weights, graph.constant(bias, [0])];
    define(graph, operator, 'channels-first', 'Conv', inputs, {
      ...convolutionAttributes(operator),
      group: input.shape.at(-1)!,
    });
  },

  'max-pool'(operator, graph) {
    const { input, window, strides, padding } = operator;
    const inputs = [graph.value(input, 'channels-first')];
    define(graph, operator, 'channels-first', 'MaxPool', inputs, {
      kernel_shape: pair(window),
      strides: pair(strides),
      pads: pads(padding),
    });
  },

  add(operator, graph) {
    const layout = commonLayout(operator.inputs, graph);
    const inputs = operator.inputs.map((input) => graph.value(input, layout));
    define(graph, operator, layout, 'Add', inputs);
  },

  concatenation(operator, graph) {
    const layout = commonLayout(operator.inputs, graph);
    const inputs = operator.inputs.map((input) => graph.value(input, layout));
    const axis =
      layout === 'tflite'
        ? operator.axis
        : CHANNELS_FIRST_ORDER.findIndex((a) => a === operator.axis);
    define(graph, operator, layout, 'Concat', inputs, { axis });
  },

  pad({ input, output, amounts }, graph) {
    const layout = graph.layoutOf(input);
    const order = layout === 'tflite' ? [...amounts.keys()] : CHANNELS_FIRST_ORDER;
    const before = order.map((axis) => amounts[axis]![0]);
    const after = order.map((axis) => amounts[axis]![1]);
    const all = graph.parameter('int64', [2 * order.length], [...before, ...after]);
    graph.define(output, layout, 'Pad', [graph.value(input, layout), all], { mode: 'constant' });
  },

  'depth-to-space'({ input, output, blockSize }, graph) {
    graph.define(output, 'channels-first', 'DepthToSpace', [graph.value(input, 'channels-first')], {
      blocksize: blockSize,
      // "Depth, column, row": the block varies slower than the channel, as in TFLite.
      mode: 'DCR',
    });
  },

  'resize-bilinear'({ input, output, alignment }, graph) {
    const shape = permuteShape(output.shape, CHANNELS_FIRST_ORDER);
    const sizes = graph.parameter('int64', [shape.length], shape);
    // The two inputs left out are the region of interest and the scales, which the sizes replace.
    const inputs = [graph.value(input, 'channels-first'), '', '', sizes];
    graph.define(output, 'channels-first', 'Resize', inputs, {
      mode: 'linear',
      coordinate_transformation_mode: RESIZE_MODE[alignment],
    });
  },

  reshape({ input, output }, graph) {
    const shape = graph.parameter('int64', [output.shape.length], output.shape);
    graph.define(output, 'tflite', 'Reshape', [graph.value(input, 'tflite'), shape]);
  },

  sigmoid({ input, output }, graph) {
    const layout = graph.layoutOf(input);
    graph.define(output, layout, 'Sigmoid', [graph.value(input, layout)]);
  },
};

/** The node, followed by the operator's activation. */
function define(
  graph: OnnxGraph,
  { output, activation }: { output: Tensor; activation: Activation },
  layout: Layout,
  ...[opType, inputs, attributes]: Parameters<OnnxGraph['node']>
): void {
  switch (activation) {
    case 'none':
      graph.define(output, layout, opType, inputs, attributes);
      return;
    case 'relu':
      graph.define(output, layout, 'Relu', [graph.node(opType, inputs, attributes)]);
      return;
    case 'relu6': {
      const limits = [0, RELU6_LIMIT].map((limit) => graph.parameter('float32', [], [limit]));
      const unlimited = graph.node(opType, inputs, attributes);
      graph.define(output, layout, 'Clip', [unlimited, ...limits]);
    }
  }
}

function convolutionAttributes(operator: Convolution | DepthwiseConvolution) {
  const { filter, strides, dilations, padding } = operator;
  return {
    kernel_shape: filter.shape.slice(1, 3),
    strides: pair(strides),
    dilations: pair(dilations),
    pads: pads(padding),
  };
}

/** Channels-first as soon as one of several images is; constants fit in either way. */
function commonLayout(tensors: readonly Tensor[], graph: OnnxGraph): Layout {
  const isImages = tensors.every(({ shape, constant }) => constant ?? shape.length === IMAGE_RANK);
  const isAny = tensors.some((tensor) => graph.layoutOf(tensor) === 'channels-first');
  return isImages && isAny ? 'channels-first' : 'tflite';
}

function pair({ height, width }: Size): number[] {
  return [height, width];
}

function pads({ top, left, bottom, right }: Padding): number[] {
  return [top, left, bottom, right];
}
