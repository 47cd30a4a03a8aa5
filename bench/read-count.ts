// A number of something, as the command line says it.
import { BenchError } from './bench-error.ts';

/** A whole number of at least `least`. Throws a BenchError that names the option. */
export function readCount(option: string, text: string, least = 1): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= least) return count;
  throw new BenchError(`${option} is "${text}", but must be a whole number of at least ${least}.`);
}
