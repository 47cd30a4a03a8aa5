// Which of pose-detection's models a TensorFlow.js graph is, going by its shapes and node names.
import type { ClosedPipelineConfig } from '../pipelines/pipeline-config.ts';
import { fitsShape } from '../pipelines/tensor-shape.ts';
import type { TfjsGraph } from './read-tfjs.ts';

/** Sides of MoveNet SinglePose's square input (pose-detection, movenet/constants.js). */
const movenetVariants = new Map<number | undefined, 'lightning' | 'thunder'>([
  [192, 'lightning'],
  [256, 'thunder'],
]);

/** What pose-detection asks BlazePose's landmark network for (blazepose_tfjs/detector.js). */
const blazeposeNodes = ['ld_3d', 'output_poseflag', 'activation_heatmap', 'world_3d'];
/** Anchors of BlazePose's detector, one row of output each. */
const BLAZEPOSE_ANCHORS = 2254;
/** Between lite (2.7 MB), full (6.3 MB) and heavy (27.5 MB) with float16 weights. */
const BLAZEPOSE_LITE_MAX_BYTES = 4.5e6;
const BLAZEPOSE_FULL_MAX_BYTES = 15e6;

/** What PoseNet's decoder reads (pose-detection, posenet/detector.js). */
const posenetNodes = ['heatmap_2', 'offset_2', 'displacement_fwd_2', 'displacement_bwd_2'].map(
  (name) => `MobilenetV1/${name}/BiasAdd`,
);
const POSENET_HEAD_WEIGHTS = 'MobilenetV1/heatmap_2/weights';
/** Channels that reach PoseNet's heads at a multiplier of 1. */
const POSENET_CHANNELS = 512;
/** The library's default for MobileNetV1 (posenet/constants.js). */
const POSENET_INPUT_SIZE_PX = 257;

/** The models a whole network could be; none when it is no network of pose-detection's. */
export function proposeTfjs(graph: TfjsGraph): readonly ClosedPipelineConfig[] {
  const movenet = movenetVariants.get(graph.inputs[0]?.shape[1]);
  if (movenet && gives(graph, ['batch', 1, 17, 3])) {
    return [{ kind: 'tfjs-movenet', variant: movenet }];
  }
  if (gives(graph, ['batch', 6, 56])) return [{ kind: 'tfjs-movenet', variant: 'multipose' }];
  const posenet = proposePosenet(graph);
  return posenet ? [posenet] : [];
}

/** Whether this is the first of BlazePose's two networks. */
export function isBlazeposeDetector(graph: TfjsGraph): boolean {
  return graph.outputs.some(({ shape }) => shape[1] === BLAZEPOSE_ANCHORS);
}

/** Whether this is the second of BlazePose's two networks. */
export function isBlazeposeLandmarks(graph: TfjsGraph): boolean {
  return hasNodes(graph, blazeposeNodes);
}

/** BlazePose with this landmark network. */
export function proposeBlazepose({ weightBytes }: TfjsGraph): ClosedPipelineConfig {
  if (weightBytes <= BLAZEPOSE_LITE_MAX_BYTES) return { kind: 'tfjs-blazepose', variant: 'lite' };
  if (weightBytes <= BLAZEPOSE_FULL_MAX_BYTES) return { kind: 'tfjs-blazepose', variant: 'full' };
  return { kind: 'tfjs-blazepose', variant: 'heavy' };
}

function proposePosenet(graph: TfjsGraph): ClosedPipelineConfig | null {
  if (!hasNodes(graph, posenetNodes)) return null;
  const head = graph.weights.find(({ name }) => name === POSENET_HEAD_WEIGHTS);
  const multiplier = multiplierOf((head?.shape[2] ?? 0) / POSENET_CHANNELS);
  const outputStride = strideOf(graph);
  if (!head || multiplier === null || outputStride === null) return null;
  return {
    kind: 'tfjs-posenet',
    architecture: 'MobileNetV1',
    outputStride,
    inputSizePx: POSENET_INPUT_SIZE_PX,
    multiplier,
    quantBytes: quantBytesOf(head.storedType),
  };
}

function multiplierOf(ratio: number): 0.5 | 0.75 | 1 | null {
  return ratio === 0.5 || ratio === 0.75 || ratio === 1 ? ratio : null;
}

/** MobileNetV1 is one chain of convolutions, so that their strides multiply. */
function strideOf({ nodes }: TfjsGraph): 8 | 16 | 32 | null {
  const stride = nodes.reduce((product, { strides }) => product * (strides[1] ?? 1), 1);
  return stride === 8 || stride === 16 || stride === 32 ? stride : null;
}

function quantBytesOf(storedType: string): 1 | 2 | 4 {
  switch (storedType) {
    case 'uint8':
      return 1;
    case 'uint16':
    case 'float16':
      return 2;
    default:
      return 4;
  }
}

function gives({ outputs }: TfjsGraph, shape: Parameters<typeof fitsShape>[1]): boolean {
  return outputs.some((output) => fitsShape(output.shape, shape));
}

function hasNodes({ nodes }: TfjsGraph, names: readonly string[]): boolean {
  return names.every((name) => nodes.some((node) => node.name === name));
}
