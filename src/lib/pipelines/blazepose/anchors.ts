// Where the person detector looks: the centres that its boxes and points are relative to.

/** Side of the detector's square picture. */
export const DETECTOR_INPUT_PX = 224;
/** Pixels from one centre to the next, for each of the detector's five layers. */
const LAYER_STRIDES_PX = [8, 16, 32, 32, 32] as const;
/** Each layer looks twice at a centre: once at its own scale, once between it and the next layer's. */
const ANCHORS_PER_LAYER_AND_CENTRE = 2;

/** 28² · 2 + 14² · 2 + 7² · 6. */
export const ANCHOR_COUNT = 2254;

/**
 * The anchors' centres in fractions of the detector's picture: x and y of each, row by row, finest grid
 * first. Their size is fixed at the whole picture, so that offsets need no scaling. Source: MediaPipe
 * SsdAnchorsCalculator with the options of modules/pose_detection/pose_detection_cpu.pbtxt (layers of the
 * same stride are merged, fixed_anchor_size, offset 0.5, one extra anchor of interpolated scale).
 */
export function createAnchors(): Float32Array {
  const anchors = new Float32Array(2 * ANCHOR_COUNT);
  let at = 0;
  for (const stridePx of new Set(LAYER_STRIDES_PX)) {
    const layers = LAYER_STRIDES_PX.filter((each) => each === stridePx).length;
    const side = Math.ceil(DETECTOR_INPUT_PX / stridePx);
    for (let row = 0; row < side; row += 1) {
      for (let column = 0; column < side; column += 1) {
        for (let each = 0; each < layers * ANCHORS_PER_LAYER_AND_CENTRE; each += 1) {
          anchors[at] = (column + 0.5) / side;
          anchors[at + 1] = (row + 0.5) / side;
          at += 2;
        }
      }
    }
  }
  return anchors;
}
