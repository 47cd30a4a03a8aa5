// The one error that reaches the user of a bench command as a sentence.

/** What went wrong, why, and what to do; `message` is printed as it is and the exit code is 2. */
export class BenchError extends Error {
  override readonly name = 'BenchError';
}
