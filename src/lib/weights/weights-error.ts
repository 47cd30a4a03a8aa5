// The one error about weights that reaches the user.

/** Weights could not be had. The message is one sentence: what, why, what to do. */
export class WeightsError extends Error {
  override readonly name = 'WeightsError';
}
