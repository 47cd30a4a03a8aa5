// Landmarks made more exact by the network's heat maps.
import type { TensorData } from '../tensor-runner.ts';
import { HEAT_MAP_SIDE, LANDMARK_COUNT } from './blazepose-shape.ts';
import { sigmoid } from './sigmoid.ts';

/** Cells on each side of a landmark's own: kernel_size 7 in MediaPipe's pose_landmarks_detector_graph.cc. */
const REACH_CELLS = 3;
/** A heat map below this everywhere around a landmark has no say: min_confidence_to_refine's default. */
const MIN_CONFIDENCE = 0.5;

/**
 * Moves each landmark to the mean of the cells around it, weighted by its heat map (64×64×39, before the
 * sigmoid). `us` and `vs` are in fractions of the picture and are changed in place; landmarks outside it
 * stay. A cell stands for its upper left corner, as published. Source: MediaPipe
 * RefineLandmarksFromHeatmapCalculator.
 */
export function refineLandmarks(us: Float32Array, vs: Float32Array, heatMap: TensorData): void {
  for (let landmark = 0; landmark < LANDMARK_COUNT; landmark += 1) {
    const centerColumn = Math.trunc((us[landmark] ?? 0) * HEAT_MAP_SIDE);
    const centerRow = Math.trunc((vs[landmark] ?? 0) * HEAT_MAP_SIDE);
    if (!isCell(centerColumn) || !isCell(centerRow)) continue;
    const endColumn = Math.min(HEAT_MAP_SIDE, centerColumn + REACH_CELLS + 1);
    const endRow = Math.min(HEAT_MAP_SIDE, centerRow + REACH_CELLS + 1);
    let [sum, columns, rows, highest] = [0, 0, 0, 0];
    for (let row = Math.max(0, centerRow - REACH_CELLS); row < endRow; row += 1) {
      for (let column = Math.max(0, centerColumn - REACH_CELLS); column < endColumn; column += 1) {
        const raw = heatMap[(row * HEAT_MAP_SIDE + column) * LANDMARK_COUNT + landmark] ?? 0;
        const confidence = sigmoid(raw);
        sum += confidence;
        columns += column * confidence;
        rows += row * confidence;
        highest = Math.max(highest, confidence);
      }
    }
    if (highest < MIN_CONFIDENCE) continue;
    us[landmark] = columns / sum / HEAT_MAP_SIDE;
    vs[landmark] = rows / sum / HEAT_MAP_SIDE;
  }
}

/** False for NaN, too. */
function isCell(index: number): boolean {
  return index >= 0 && index < HEAT_MAP_SIDE;
}
