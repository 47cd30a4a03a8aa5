// How scores in [0, 1] are written: as the literature does, with three decimals and without a unit.
import { UNKNOWN } from '../format.ts';

const format = new Intl.NumberFormat(undefined, {
  minimumFractionDigits: 3,
  maximumFractionDigits: 3,
});

/** An OKS, AP or AR: `0.934`; a dash for what is not known. */
export function formatScore(score: number | null): string {
  return score === null ? UNKNOWN : format.format(score);
}
