// BlazePose's networks as graphs, with the outputs named and shaped as their users expect. Knows the
// networks' outputs, not the formats.
import { ForgeError } from './forge-error.ts';
import type { Graph, Operator, Tensor } from './graph/graph.ts';
import { keepOutputs } from './graph/keep-outputs.ts';
import { readGraph } from './tflite/read-graph.ts';
import { REINSTALL, type TfliteModel } from './tflite-reader.ts';

/** The output that says for each pixel whether it shows the person. */
const MASK = 'activation_segmentation';

/**
 * The landmark network's outputs in TFLite's order, under the names that TF.js's users know them by:
 * 39 landmarks × (x, y, z, visibility, presence), whether there is a person, a mask of the person, a heat
 * map per landmark, and 39 landmarks × (x, y, z) in metres.
 */
const LANDMARK_OUTPUTS = [
  { name: 'ld_3d', shape: [1, 195] },
  { name: 'output_poseflag', shape: [1, 1] },
  { name: MASK, shape: [1, 256, 256, 1] },
  { name: 'activation_heatmap', shape: [1, 64, 64, 39] },
  { name: 'world_3d', shape: [1, 117] },
] as const;

/** The detector's: per anchor a box with four keypoints, and the logit that a person is there. */
const DETECTOR_OUTPUTS = [
  { name: 'regressors', shape: [1, 2254, 12] },
  { name: 'classificators', shape: [1, 2254, 1] },
] as const;

/** The detections' name in the TF.js model; nobody asks for it by name. */
const DETECTIONS = 'detections';

const CHANNEL_AXIS = 2;

/** The landmark network: five outputs with the values TFLite gives, mask and heat maps as logits. */
export function readLandmarkGraph(model: TfliteModel): Graph {
  return withOutputs(model, LANDMARK_OUTPUTS);
}

/** The person detector: two outputs with the values TFLite gives. */
export function readDetectorGraph(model: TfliteModel): Graph {
  return withOutputs(model, DETECTOR_OUTPUTS);
}

/**
 * The landmark network without the mask of the person, which no pose needs and which takes a good third of
 * the lite network's time.
 */
export function withoutMask(landmarks: Graph): Graph {
  return keepOutputs(landmarks, ({ name }) => name !== MASK);
}

/**
 * The landmark network as @tensorflow-models/pose-detection takes it: mask and heat maps as probabilities,
 * since "Sigmoid is not needed since it is already part of the model" (its blazepose_tfjs/constants).
 */
export function withProbabilities(landmarks: Graph): Graph {
  const operators: Operator[] = [...landmarks.operators];
  const outputs = landmarks.outputs.map((output): Tensor => {
    if (!output.name.startsWith('activation_')) return output;
    const probability = { name: output.name, shape: output.shape };
    operators.push({ kind: 'sigmoid', input: output, output: probability });
    return probability;
  });
  return { ...landmarks, operators, outputs };
}

/** The detector as that package takes it: one tensor, 2254 × (logit, box and keypoints). */
export function withJoinedDetections(detector: Graph): Graph {
  const [boxes, scores] = detector.outputs as [Tensor, Tensor];
  const [batch, anchors, boxSize] = boxes.shape as [number, number, number];
  const output: Tensor = { name: DETECTIONS, shape: [batch, anchors, boxSize + 1] };
  const join: Operator = {
    kind: 'concatenation',
    inputs: [scores, boxes],
    output,
    axis: CHANNEL_AXIS,
    activation: 'none',
  };
  return { ...detector, operators: [...detector.operators, join], outputs: [output] };
}

function withOutputs(
  model: TfliteModel,
  expected: readonly { name: string; shape: readonly number[] }[],
): Graph {
  const graph = readGraph(model, REINSTALL);
  const shapes = graph.outputs.map(({ shape }) => shape.join('×')).join(', ');
  if (shapes !== expected.map(({ shape }) => shape.join('×')).join(', ')) {
    throw new ForgeError(
      `${model.name} is another network than expected, because its outputs are ${shapes}; ` +
        `${REINSTALL}.`,
    );
  }
  // The tensors were read for this graph alone.
  graph.outputs.forEach((output, index) => (output.name = expected[index]!.name));
  return graph;
}
