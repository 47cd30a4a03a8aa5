// For what may fail without ending the command.
import { BenchError } from './bench-error.ts';

/** What the call gives, or the sentence of its BenchError. */
export async function orSentence<T>(call: Promise<T>): Promise<T | string> {
  try {
    return await call;
  } catch (cause) {
    if (cause instanceof BenchError) return cause.message;
    throw cause;
  }
}
