// How the ends of an interval are written beside the figure that they belong to.
import { formatFigure } from '../format.ts';

/** The ends of an interval, in the figure's unit. */
export type Range = { readonly low: number; readonly high: number };

const MAX_DIGITS = 6;

/**
 * `27.8–28.9`: three significant digits, or as many as tell the ends apart. With a sign, as of a change,
 * `−2.00 to +4.00`.
 */
export function formatRange({ low, high }: Range): string {
  if (low < 0) return `${formatChange(low)} to ${formatChange(high)}`;
  const [from, to] = [formatFigure(low), formatFigure(high)];
  if (from !== to || low === high) return `${from}–${to}`;
  for (let digits = 4; digits <= MAX_DIGITS; digits += 1) {
    const format = new Intl.NumberFormat(undefined, {
      minimumSignificantDigits: digits,
      maximumSignificantDigits: digits,
    });
    if (format.format(low) !== format.format(high)) {
      return `${format.format(low)}–${format.format(high)}`;
    }
  }
  return `${from}–${to}`;
}

/** A change with its sign: `+4.00`, `−2.00`. */
export function formatChange(value: number): string {
  const sign = value > 0 ? '+' : value < 0 ? '−' : '';
  return `${sign}${formatFigure(Math.abs(value))}`;
}
