// About how large raw samples are, before the browser packs them, without writing them out to see. Pure.
import type { FrameSample } from '../benchmark/run-result.ts';

/**
 * Bytes of a structured clone (V8's serializer writes every object's keys out again): the figures of a
 * frame, a person, a joint. tests/unit/storage compares them with what V8 makes of real samples.
 */
const FRAME_BYTES = 265;
const POSE_BYTES = 68;
const KEYPOINT_BYTES = 46;

/** Of runs whose samples were not looked at: one person of BlazePose's 33 joints, in as many frames as have poses. */
const USUAL_POSE_BYTES = POSE_BYTES + 33 * KEYPOINT_BYTES;
const FRAMES_WITH_POSES = 10_000;

/** Bytes of these samples, unpacked, within a few percent. */
export function estimateSamples(samples: readonly FrameSample[]): number {
  let bytes = 0;
  for (const { poses } of samples) {
    bytes += FRAME_BYTES;
    for (const { keypoints } of poses) bytes += POSE_BYTES + keypoints.length * KEYPOINT_BYTES;
  }
  return bytes;
}

/** About how many bytes the samples of so many frames have at most, unpacked. */
export function estimateFrames(frames: number): number {
  return frames * FRAME_BYTES + Math.min(frames, FRAMES_WITH_POSES) * USUAL_POSE_BYTES;
}
