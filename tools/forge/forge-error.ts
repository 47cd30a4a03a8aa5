// The one error the forge raises on purpose: bad input or a folder it cannot write. Anything else is a bug.

/**
 * A failure the user can act on. The message is one sentence that says what happened, why, and
 * what to do; it is printed as it stands, without a stack trace.
 */
export class ForgeError extends Error {
  override name = 'ForgeError';
}
