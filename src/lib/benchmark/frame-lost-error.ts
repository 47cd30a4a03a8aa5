// What a caller of an engine is told when the engine was lost with its frame and another has taken its place.

/** A frame was lost with its engine. The next one may be sent: a new engine, which knows of nobody, waits for it. */
export class FrameLostError extends Error {
  override readonly name = 'FrameLostError';
}
