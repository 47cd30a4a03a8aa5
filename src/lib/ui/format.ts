// How figures are written: three significant digits, the reader's separators, a dash for the unknown.

/** Shown for a figure that is not known; say why beside it or in its title. */
export const UNKNOWN = '–';

const SIGNIFICANT_DIGITS = 3;
const MS_PER_SECOND = 1000;
const SECONDS_PER_MINUTE = 60;
/** Below this, tenths of a second matter. */
const SHORT_DURATION_MS = 10_000;
const tenths = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

/** A figure to three significant digits, without its unit. */
export function formatFigure(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return UNKNOWN;
  const format = new Intl.NumberFormat(undefined, {
    // 34.0 beside 34.2, so that columns line up; a zero is just that.
    minimumSignificantDigits: value === 0 ? 1 : SIGNIFICANT_DIGITS,
    maximumSignificantDigits: SIGNIFICANT_DIGITS,
    // 12,345 keeps all its digits before the point: they are known.
    roundingPriority: 'morePrecision',
    maximumFractionDigits: 0,
  });
  return format.format(value);
}

/** A count, in full. */
export function formatCount(value: number | null | undefined): string {
  return value === null || value === undefined
    ? UNKNOWN
    : new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 }).format(value);
}

/** A share in [0, 1] as a percentage to three digits, without the sign. */
export function formatPercent(share: number | null | undefined): string {
  return share === null || share === undefined ? UNKNOWN : formatFigure(share * 100);
}

/** A duration for people: `1.4 s`, `24 s`, `2 min 05 s`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < SHORT_DURATION_MS) return `${tenths.format(durationMs / MS_PER_SECOND)} s`;
  const seconds = Math.round(durationMs / MS_PER_SECOND);
  if (seconds < SECONDS_PER_MINUTE) return `${seconds} s`;
  const rest = String(seconds % SECONDS_PER_MINUTE).padStart(2, '0');
  return `${Math.floor(seconds / SECONDS_PER_MINUTE)} min ${rest} s`;
}
