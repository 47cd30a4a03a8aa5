// A number of something, as the command line says it.
import { BenchError } from './bench-error.ts';

/** A whole number of at least 1. Throws a BenchError that names the option. */
export function readCount(option: string, text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= 1) return count;
  throw new BenchError(`${option} is "${text}", but must be a whole number of at least 1.`);
}
