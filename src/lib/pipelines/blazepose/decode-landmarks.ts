// From the landmark network's outputs to a person in the frame.
import type { Keypoint } from '../../pose/pose.ts';
import type { Region } from '../frame-sampler.ts';
import { requireNumbers } from '../read-output.ts';
import { toFrame } from '../region.ts';
import type { TensorData } from '../tensor-runner.ts';
import { alignmentRegion } from './alignment-region.ts';
import { LANDMARK_COUNT, LANDMARKS_INPUT_PX, VALUES_PER_LANDMARK } from './blazepose-shape.ts';
import { refineLandmarks } from './refine-landmarks.ts';
import { sigmoid } from './sigmoid.ts';

/** The landmarks that are keypoints of the body. */
const KEYPOINT_COUNT = 33;
/** The auxiliary landmarks that are to the next frame what the detector's first two points are to this. */
const HIPS = 33;
const REACH = 34;
/** Where a landmark's visibility is among its values. */
const VISIBILITY = 3;

/** A person as the network sees them. */
export type DecodedPerson = {
  /** In pixels of the frame, scored by their visibility in [0, 1]. */
  readonly keypoints: Keypoint[];
  /** Where to look for them in the next frame. */
  readonly nextRegion: Region;
};

/** Memory for the decoding of one person after the other. */
export type LandmarkDecoder = {
  /**
   * `landmarks` is 39×5 in pixels of the network's picture, `heatMap` 64×64×39; both of `region`. Throws a
   * PipelineError where the heat map moves a landmark to no place.
   */
  decode(landmarks: TensorData, heatMap: TensorData, region: Region): DecodedPerson;
};

/**
 * Decodes as MediaPipe's pose_landmarks_detector_graph.cc does: refined by heat map, projected out of the
 * region, with the next region from the auxiliary landmarks.
 */
export function createLandmarkDecoder(): LandmarkDecoder {
  const us = new Float32Array(LANDMARK_COUNT);
  const vs = new Float32Array(LANDMARK_COUNT);
  return {
    decode(landmarks, heatMap, region) {
      for (let landmark = 0; landmark < LANDMARK_COUNT; landmark += 1) {
        us[landmark] = (landmarks[VALUES_PER_LANDMARK * landmark] ?? 0) / LANDMARKS_INPUT_PX;
        vs[landmark] = (landmarks[VALUES_PER_LANDMARK * landmark + 1] ?? 0) / LANDMARKS_INPUT_PX;
      }
      refineLandmarks(us, vs, heatMap);
      requireNumbers(us);
      requireNumbers(vs);
      const inFrame = (landmark: number) => toFrame(region, us[landmark] ?? 0, vs[landmark] ?? 0);
      const keypoints: Keypoint[] = [];
      for (let landmark = 0; landmark < KEYPOINT_COUNT; landmark += 1) {
        const { x, y } = inFrame(landmark);
        const visibility = landmarks[VALUES_PER_LANDMARK * landmark + VISIBILITY] ?? 0;
        keypoints.push({ x, y, score: sigmoid(visibility) });
      }
      return { keypoints, nextRegion: alignmentRegion(inFrame(HIPS), inFrame(REACH)) };
    },
  };
}
