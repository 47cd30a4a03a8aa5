// From two points of a person to the square that the landmark network is shown.
import type { Region } from '../frame-sampler.ts';

/** A point in pixels of the frame. */
type Point = { readonly x: number; readonly y: number };

/** The square is larger than the person by this. Source: scale_x and scale_y, pose_landmarks_to_roi.pbtxt. */
const MARGIN = 1.25;

/**
 * The square around `hips` that is turned so that `reach` is straight above them, with a side of 2.5 times
 * their distance. Both the detector's first two points and the auxiliary landmarks 33 and 34 are such a
 * pair. Source: MediaPipe AlignmentPointsRectsCalculator and RectTransformationCalculator with the options
 * of modules/pose_landmark/pose_detection_to_roi.pbtxt and pose_landmarks_to_roi.pbtxt.
 */
export function alignmentRegion(hips: Point, reach: Point): Region {
  const dx = reach.x - hips.x;
  const dy = reach.y - hips.y;
  const side = 2 * Math.hypot(dx, dy) * MARGIN;
  return {
    centerX: hips.x,
    centerY: hips.y,
    width: side,
    height: side,
    rotation: withinHalfTurn(Math.PI / 2 - Math.atan2(-dy, dx)),
  };
}

/** The same direction, in [−π, π). */
function withinHalfTurn(radians: number): number {
  return radians - 2 * Math.PI * Math.floor((radians + Math.PI) / (2 * Math.PI));
}
