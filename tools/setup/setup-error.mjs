// The errors that reach a user as a sentence; anything else is a bug and keeps its stack.

/** Why the set-up cannot go on: one sentence that says what failed, why, and what to do. */
export class SetupError extends Error {
  /** @override */
  name = 'SetupError';
}

/** Someone ended a step of the set-up on purpose: there is nothing else to try. */
export class StoppedError extends SetupError {
  /** @override */
  name = 'StoppedError';
}
