// One person's keypoints over time, smoothed as MediaPipe's Pose Landmarker smooths them in a video.
import type { Keypoint } from '../../pose/pose.ts';
import { createOneEuroFilter } from './one-euro-filter.ts';
import type { OneEuroFilter } from './one-euro-filter.ts';

/** "1€ filter, 0.05 Hz, beta 80". Source: SmoothLandmarks in MediaPipe's pose_landmarks_detector_graph.cc. */
const SETTINGS = { minCutoffHz: 0.05, beta: 80, derivativeCutoffHz: 1 };
/** Weight of a new visibility. Source: SmoothLandmarksVisibility, ibid. */
const SCORE_WEIGHT = 0.1;
const MS_PER_S = 1000;

/** Smooths the keypoints of one person. */
export type KeypointSmoother = {
  /** `sizePx` is the side of the person's region: speeds count in regions per second. */
  smooth(keypoints: readonly Keypoint[], timestampMs: number, sizePx: number): Keypoint[];
};

/** A smoother that has seen nobody. */
export function createKeypointSmoother(): KeypointSmoother {
  let filters: { x: OneEuroFilter; y: OneEuroFilter; score: number }[] | null = null;
  return {
    smooth(keypoints, timestampMs, sizePx) {
      filters ??= keypoints.map(({ score }) => ({
        x: createOneEuroFilter(SETTINGS),
        y: createOneEuroFilter(SETTINGS),
        score,
      }));
      const timeS = timestampMs / MS_PER_S;
      return keypoints.map((keypoint, index) => {
        const filter = filters?.[index];
        if (!filter) return keypoint;
        filter.score += SCORE_WEIGHT * (keypoint.score - filter.score);
        return {
          x: filter.x.apply(timeS, keypoint.x, sizePx),
          y: filter.y.apply(timeS, keypoint.y, sizePx),
          score: filter.score,
        };
      });
    },
  };
}
