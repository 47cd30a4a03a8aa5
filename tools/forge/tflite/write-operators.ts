// The table of operators as TFLite's, with the versions whose options are used here: what
// read-operators.ts reads, the other way round.
import {
  applyOperator,
  type Convolution,
  type DepthwiseConvolution,
  type MaxPool,
  type Operator,
  type OperatorTable,
  type Padding,
} from '../graph/graph.ts';
import {
  ACTIVATION,
  ADD_SLOT,
  CONCATENATION_SLOT,
  CONVOLUTION_SLOT,
  DEPTH_TO_SPACE_SLOT,
  DEPTHWISE_SLOT,
  OPERATOR,
  PADDING,
  POOL_SLOT,
  RESIZE_SLOT,
} from './schema.ts';
import type { TfliteNetwork } from './tflite-network.ts';

/** Members of the union `BuiltinOptions`. */
const OPTIONS = {
  convolution: 1,
  depthwiseConvolution: 2,
  pool: 5,
  concatenation: 10,
  add: 11,
  resizeBilinear: 15,
  depthToSpace: 94,
} as const;

/** Appends the operator. */
export function addTfliteOperator(operator: Operator, network: TfliteNetwork): void {
  applyOperator(operators, operator, network);
}

const operators: OperatorTable<TfliteNetwork> = {
  convolution(operator, network) {
    const { input, filter, bias, output } = operator;
    network.add([OPERATOR.convolution, 1], [input, filter, bias], output, {
      unionType: OPTIONS.convolution,
      ...convolutionFields(operator, CONVOLUTION_SLOT),
    });
  },

  'depthwise-convolution'(operator, network) {
    const { input, filter, bias, output } = operator;
    const { bytes, integers } = convolutionFields(operator, DEPTHWISE_SLOT);
    const depthMultiplier = filter.shape.at(-1)! / input.shape.at(-1)!;
    network.add([OPERATOR.depthwiseConvolution, 1], [input, filter, bias], output, {
      unionType: OPTIONS.depthwiseConvolution,
      bytes,
      integers: { ...integers, [DEPTHWISE_SLOT.depthMultiplier]: depthMultiplier },
    });
  },

  'max-pool'(operator, network) {
    const { input, output, window } = operator;
    const { bytes, integers } = windowFields(operator, POOL_SLOT);
    network.add([OPERATOR.maxPool, 1], [input], output, {
      unionType: OPTIONS.pool,
      bytes,
      integers: {
        ...integers,
        [POOL_SLOT.windowWidth]: window.width,
        [POOL_SLOT.windowHeight]: window.height,
      },
    });
  },

  add({ inputs, output, activation }, network) {
    const bytes = { [ADD_SLOT.activation]: ACTIVATION[activation] };
    network.add([OPERATOR.add, 1], inputs, output, { unionType: OPTIONS.add, bytes, integers: {} });
  },

  concatenation({ inputs, output, axis, activation }, network) {
    network.add([OPERATOR.concatenation, 1], inputs, output, {
      unionType: OPTIONS.concatenation,
      bytes: { [CONCATENATION_SLOT.activation]: ACTIVATION[activation] },
      integers: { [CONCATENATION_SLOT.axis]: axis },
    });
  },

  pad({ input, output, amounts }, network) {
    const paddings = network.parameter('paddings', [amounts.length, 2], amounts.flat());
    network.add([OPERATOR.pad, 1], [input, paddings], output);
  },

  'depth-to-space'({ input, output, blockSize }, network) {
    network.add([OPERATOR.depthToSpace, 1], [input], output, {
      unionType: OPTIONS.depthToSpace,
      bytes: {},
      integers: { [DEPTH_TO_SPACE_SLOT.blockSize]: blockSize },
    });
  },

  'resize-bilinear'({ input, output, alignment }, network) {
    const size = network.parameter('size', [2], output.shape.slice(1, 3));
    // Version 3 brought half-pixel centres.
    network.add([OPERATOR.resizeBilinear, 3], [input, size], output, {
      unionType: OPTIONS.resizeBilinear,
      bytes: {
        [RESIZE_SLOT.alignCorners]: Number(alignment === 'align-corners'),
        [RESIZE_SLOT.halfPixelCenters]: Number(alignment === 'half-pixel'),
      },
      integers: {},
    });
  },

  reshape({ input, output }, network) {
    const shape = network.parameter('shape', [output.shape.length], output.shape);
    network.add([OPERATOR.reshape, 1], [input, shape], output);
  },

  sigmoid({ input, output }, network) {
    network.add([OPERATOR.logistic, 1], [input], output);
  },
};

function convolutionFields(
  operator: Convolution | DepthwiseConvolution,
  slot: typeof CONVOLUTION_SLOT | typeof DEPTHWISE_SLOT,
) {
  const { bytes, integers } = windowFields(operator, slot);
  const { height, width } = operator.dilations;
  return {
    bytes,
    integers: { ...integers, [slot.dilationHeight]: height, [slot.dilationWidth]: width },
  };
}

function windowFields(
  { strides, padding, activation }: Convolution | DepthwiseConvolution | MaxPool,
  slot: typeof CONVOLUTION_SLOT | typeof DEPTHWISE_SLOT | typeof POOL_SLOT,
) {
  return {
    bytes: {
      // What was read from TFLite is either of the two, and where SAME pads nothing, both are the same.
      [slot.padding]: isNone(padding) ? PADDING.valid : PADDING.same,
      [slot.activation]: ACTIVATION[activation],
    },
    integers: { [slot.strideWidth]: strides.width, [slot.strideHeight]: strides.height },
  };
}

function isNone(padding: Padding): boolean {
  return Object.values(padding).every((pixels) => pixels === 0);
}
