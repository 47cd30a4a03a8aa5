// A number of something, as the command line says it.
import { BenchError } from './bench-error.ts';

/** A whole number from `least` to `most`. Throws a BenchError that names the option. */
export function readCount(
  option: string,
  text: string,
  least = 1,
  most = Number.MAX_SAFE_INTEGER,
): number {
  const count = text.trim() === '' ? NaN : Number(text);
  if (Number.isSafeInteger(count) && count >= least && count <= most) return count;
  const range =
    most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new BenchError(`${option} is "${text}", but must be a whole number ${range}.`);
}
