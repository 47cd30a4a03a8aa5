// The forged networks on ONNX Runtime Web and TF.js, on the same input. How both compare with LiteRT.js, which
// runs the originals, is tested in the browser.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  readDetectorGraph,
  readLandmarkGraph,
  withJoinedDetections,
  withProbabilities,
} from '../../../tools/forge/blazepose-graphs.ts';
import { writeOnnx } from '../../../tools/forge/onnx/write-onnx.ts';
import {
  findPosePackage,
  readPosePackage,
  type PosePackage,
} from '../../../tools/forge/pose-package.ts';
import { readGraph } from '../../../tools/forge/tflite/read-graph.ts';
import { writeTfjs } from '../../../tools/forge/tfjs/write-tfjs.ts';
import { hasSharedAssets, sharedAsset } from '../../fixtures/shared-assets.ts';
import { readBmp } from './read-bmp.ts';
import { runOnnx, runTfjs, type RunTensor } from './run-models.ts';

/** Largest distance of a landmark between the two, in pixels of the 256 × 256 input. */
const MAX_LANDMARK_DISTANCE_PX = 0.05;
/** Largest difference of a value that is a probability. */
const MAX_PROBABILITY_DIFFERENCE = 0.01;
/** Largest difference of a landmark in metres. */
const MAX_WORLD_DISTANCE_M = 0.001;
/** Largest difference of the detector's values, which are logits and pixels of 224. */
const MAX_DETECTION_DIFFERENCE = 0.01;
/** Largest difference of OpenPose's maps, whose values are within ± 1. */
const MAX_MAP_DIFFERENCE = 1e-4;

/** Values per landmark: x, y, z, visibility, presence. */
const LANDMARK_VALUES = 5;

let source: PosePackage;

beforeAll(() => {
  source = readPosePackage(findPosePackage());
});

/** A smooth pattern without symmetry, so that a swapped axis or channel cannot hide. */
function pattern(size: number, low: number, high: number): RunTensor {
  const values = new Float32Array(size * size * 3);
  for (let at = 0; at < values.length; at++) {
    const [channel, x, y] = [at % 3, Math.floor(at / 3) % size, Math.floor(at / 3 / size)];
    const wave = 0.5 + 0.4 * Math.sin(x / 17 + channel) * Math.cos(y / 23 - channel / 2);
    values[at] = low + (high - low) * wave;
  }
  return { shape: [1, size, size, 3], values };
}

function sigmoid(values: Float32Array): Float32Array {
  return values.map((value) => 1 / (1 + Math.exp(-value)));
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((largest, value, at) => Math.max(largest, Math.abs(value - b[at]!)), 0);
}

/** x and y of each landmark. */
function points(landmarks: Float32Array): Float32Array {
  return landmarks.filter((_, at) => at % LANDMARK_VALUES < 2);
}

describe.each(['lite', 'full', 'heavy'] as const)('the %s landmark network', (variant) => {
  it('gives the same landmarks, mask and heat maps', async () => {
    const graph = readLandmarkGraph(source.landmarks[variant]);
    const input = pattern(256, 0, 1);
    const onnx = await runOnnx(writeOnnx(variant, graph), input);
    const tfjs = await runTfjs(writeTfjs(withProbabilities(graph)), input);
    expect([...onnx.keys()]).toEqual([...tfjs.keys()]);
    for (const [name, { shape }] of onnx) expect(tfjs.get(name)!.shape).toEqual(shape);
    const valuesOf = (name: string) =>
      [onnx.get(name)!.values, tfjs.get(name)!.values] as const satisfies Float32Array[];

    const [ours, theirs] = valuesOf('ld_3d');
    // Both lie inside the image, or the comparison says little.
    expect(Math.max(...points(ours))).toBeGreaterThan(10);
    expect(largestDifference(points(ours), points(theirs))).toBeLessThan(MAX_LANDMARK_DISTANCE_PX);
    expect(largestDifference(...valuesOf('world_3d'))).toBeLessThan(MAX_WORLD_DISTANCE_M);
    expect(largestDifference(...valuesOf('output_poseflag'))).toBeLessThan(
      MAX_PROBABILITY_DIFFERENCE,
    );
    for (const name of ['activation_segmentation', 'activation_heatmap']) {
      const [logits, probabilities] = valuesOf(name);
      expect(largestDifference(sigmoid(logits), probabilities)).toBeLessThan(
        MAX_PROBABILITY_DIFFERENCE,
      );
    }
  });
});

describe('the person detector', () => {
  it('gives the same boxes and scores, score first for TF.js', async () => {
    const graph = readDetectorGraph(source.detector);
    const input = pattern(224, -1, 1);
    const onnx = await runOnnx(writeOnnx('detector', graph), input);
    const [joined] = (await runTfjs(writeTfjs(withJoinedDetections(graph)), input)).values();
    expect(joined!.shape).toEqual([1, 2254, 13]);
    const boxes = joined!.values.filter((_, at) => at % 13 > 0);
    const scores = joined!.values.filter((_, at) => at % 13 === 0);
    expect(largestDifference(onnx.get('regressors')!.values, boxes)).toBeLessThan(
      MAX_DETECTION_DIFFERENCE,
    );
    expect(largestDifference(onnx.get('classificators')!.values, scores)).toBeLessThan(
      MAX_DETECTION_DIFFERENCE,
    );
  });
});

/** Also tests 8-bit weights, of which this network is made. */
describe.skipIf(!hasSharedAssets)('OpenPose of the shared assets', () => {
  const HEAT_MAPS = 19;
  let input: RunTensor;
  let reference: Float32Array;

  beforeAll(async () => {
    const photo = readBmp(readFileSync(sharedAsset('images/coral_squat.bmp')));
    input = { shape: [1, 368, 432, 3], values: photo.resizeToBgr(432, 368) };
    const derived = readFileSync(
      sharedAsset('models/openpose-mobilenetv2-14-onnx-derived/openpose_mnv2_14_w8.onnx'),
    );
    reference = [...(await runOnnx(derived, input)).values()][0]!.values;
  });

  function readOpenPose() {
    const name = 'mobilenet_v2_pose_dm14_368_432_weight_quant.tflite';
    const bytes = readFileSync(sharedAsset(`models/openpose-mobilenetv2-14-tflite/${name}`));
    return readGraph({ name, bytes });
  }

  /** Where each heat map peaks. */
  function peaks(maps: Float32Array): number[] {
    const channels = 57;
    return Array.from({ length: HEAT_MAPS }, (_, channel) => {
      const map = maps.filter((__, at) => at % channels === channel);
      return map.indexOf(Math.max(...map));
    });
  }

  it.each([
    ['ONNX', async () => runOnnx(writeOnnx('openpose', readOpenPose()), input)],
    ['TF.js', async () => runTfjs(writeTfjs(readOpenPose()), input)],
  ])('gives as %s the maps of the ONNX file derived elsewhere', async (_, run) => {
    const [[name, { shape, values }]] = [...(await run())] as [[string, RunTensor]];
    expect(name).toBe('Openpose/concat_stage7');
    expect(shape).toEqual([1, 46, 54, 57]);
    expect(peaks(values)).toEqual(peaks(reference));
    expect(new Set(peaks(values)).size).toBeGreaterThan(HEAT_MAPS / 2);
    expect(largestDifference(values, reference)).toBeLessThan(MAX_MAP_DIFFERENCE);
  });
});
