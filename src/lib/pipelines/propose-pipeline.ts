// Which pipeline could be around a network that the catalogue does not know, going by its shapes.
import { readMovenetMultiShape, readMovenetShape } from './movenet/movenet-shape.ts';
import { bodyLayouts } from './openpose/body-layouts.ts';
import { readOpenposeShape } from './openpose/openpose-shape.ts';
import type { InputNormalisation, RawPipelineConfig } from './pipeline-config.ts';
import { readSimccShape } from './simcc/simcc-shape.ts';
import type { TensorInfo } from './tensor-runner.ts';
import type { NetworkShapes } from './tensor-shape.ts';
import { readYoloShape } from './yolo-pose/yolo-shape.ts';

/** Of TensorFlow's OpenPose networks, whose pictures have their channels last: tf-pose-estimation. */
const tensorflowOpenpose: InputNormalisation = {
  channels: 'bgr',
  mean: [0, 0, 0],
  std: [1, 1, 1],
};

/** Of OpenPose's own networks and their PyTorch ports: value / 256 − 0.5. Source: OpenPose,
 * src/openpose/core/cvMatToOpInput.cpp. */
const caffeOpenpose: InputNormalisation = {
  channels: 'bgr',
  mean: [128, 128, 128],
  std: [256, 256, 256],
};

/** Of RTMPose. Source: MMPose, projects/rtmpose/rtmpose/body_2d_keypoint (data_preprocessor). */
const rtmpose: InputNormalisation = {
  channels: 'rgb',
  mean: [123.675, 116.28, 103.53],
  std: [58.395, 57.12, 57.375],
};

/**
 * The pipelines that fit a network, the likeliest first; none when nothing does. What shapes do not tell,
 * such as the normalisation, is that of the best known network of the kind: the user may correct it.
 * BlazePose is never proposed: it takes two networks.
 */
export function proposePipelines(
  inputs: readonly TensorInfo[],
  outputs: readonly TensorInfo[],
): readonly RawPipelineConfig[] {
  const network: NetworkShapes = { inputs, outputs };
  const proposals: RawPipelineConfig[] = [];
  if (readMovenetShape(network)) proposals.push({ kind: 'movenet-single' });
  if (readMovenetMultiShape(network)) proposals.push({ kind: 'movenet-multi' });
  if (readYoloShape(network)) proposals.push({ kind: 'yolo-pose' });
  const simcc = readSimccShape(network);
  if (simcc) {
    proposals.push({ kind: 'simcc', normalisation: rtmpose, splitRatio: simcc.splitRatio });
  }
  for (const skeleton of ['openpose-18', 'openpose-25'] as const) {
    const openpose = readOpenposeShape(network, bodyLayouts[skeleton]);
    if (!openpose) continue;
    const isTensorflow = openpose.image.layout === 'nhwc';
    const normalisation = isTensorflow ? tensorflowOpenpose : caffeOpenpose;
    proposals.push({ kind: 'openpose', skeleton, normalisation });
  }
  return proposals;
}
