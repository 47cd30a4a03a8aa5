// Stands in for `@mediapipe/pose` (tools/bundle/package-aliases.ts): that package is no ES module, and
// pose-detection needs it only for BlazePose's `mediapipe` runtime, which Kinemark does not use.

/** Throws: whoever calls it asked for the runtime that is left out. */
export function Pose(): never {
  throw new Error("The 'mediapipe' runtime of pose-detection is not part of this application.");
}
