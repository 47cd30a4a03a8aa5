// Which inputs and outputs BlazePose's two networks have. By shape: formats differ in the names.
import { misfit } from '../find-network.ts';
import { readImageTensor } from '../image-tensor.ts';
import type { ImageTensor } from '../image-tensor.ts';
import { findOutput } from '../tensor-shape.ts';
import type { ExpectedDimension, NetworkShapes } from '../tensor-shape.ts';
import { ANCHOR_COUNT, DETECTOR_INPUT_PX } from './anchors.ts';

/** Side of the landmark network's picture. */
export const LANDMARKS_INPUT_PX = 256;
/** 33 keypoints of the body, two that say where to look next, four that nobody uses. */
export const LANDMARK_COUNT = 39;
/** x, y, z, visibility, presence. */
export const VALUES_PER_LANDMARK = 5;
/** Side of the square heat maps, one for each landmark. */
export const HEAT_MAP_SIDE = 64;
/** Box, then four points. */
export const VALUES_PER_BOX = 12;

/** The detector's picture, and its outputs by name. */
export type DetectorShape = {
  readonly image: ImageTensor;
  readonly boxes: string;
  readonly scores: string;
};

/** The landmark network's picture, and the outputs that are used, by name. */
export type LandmarksShape = {
  readonly image: ImageTensor;
  readonly landmarks: string;
  readonly presence: string;
  readonly heatMap: string;
};

/** Reads the person detector's shapes. Throws a PipelineError when they are others. */
export function readDetectorShape(network: NetworkShapes): DetectorShape {
  const image = squareOf(network, DETECTOR_INPUT_PX);
  const boxes = floatOutput(network, ['batch', ANCHOR_COUNT, VALUES_PER_BOX]);
  const scores = floatOutput(network, ['batch', ANCHOR_COUNT, 1]);
  if (image && boxes && scores) return { image, boxes, scores };
  throw misfit('BlazePose', network, '1×224×224×3 → 1×2254×12, 1×2254×1 for its detector');
}

/** Reads the landmark network's shapes; its mask and its world landmarks are not needed. Throws likewise. */
export function readLandmarksShape(network: NetworkShapes): LandmarksShape {
  const image = squareOf(network, LANDMARKS_INPUT_PX);
  const landmarks = floatOutput(network, ['batch', LANDMARK_COUNT * VALUES_PER_LANDMARK]);
  const presence = floatOutput(network, ['batch', 1]);
  const heatMap = floatOutput(network, ['batch', HEAT_MAP_SIDE, HEAT_MAP_SIDE, LANDMARK_COUNT]);
  if (image && landmarks && presence && heatMap) return { image, landmarks, presence, heatMap };
  throw misfit('BlazePose', network, '1×256×256×3 → 1×195, 1×1, 1×64×64×39 for its landmarks');
}

function squareOf(network: NetworkShapes, sidePx: number): ImageTensor | null {
  const image = readImageTensor(network.inputs);
  const fits = image?.type === 'float32' && image.widthPx === sidePx && image.heightPx === sidePx;
  return fits ? image : null;
}

function floatOutput(network: NetworkShapes, shape: readonly ExpectedDimension[]): string | null {
  const output = findOutput(network.outputs, shape);
  return output?.type === 'float32' ? output.name : null;
}
