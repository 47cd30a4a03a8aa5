// The one error that reaches a user as a sentence when the server cannot start.

/** Why the server cannot start, and what to do; `message` is shown as it is, without a stack. */
export class StartupError extends Error {
  override name = 'StartupError';
}
