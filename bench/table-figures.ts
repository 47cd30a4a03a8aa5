// How figures look in the bench's tables.

/** For what is not known. */
export const UNKNOWN = '–';

type Known = number | null | undefined;

/** Three significant digits. */
export function figure(value: Known): string {
  return value === null || value === undefined ? UNKNOWN : String(Number(value.toPrecision(3)));
}

/** A share in [0, 1] as a percentage. */
export function percent(value: Known): string {
  return value === null || value === undefined ? UNKNOWN : `${(value * 100).toFixed(1)} %`;
}

/** Three decimals, as COCO prints its metrics. */
export function fraction(value: Known): string {
  return value === null || value === undefined ? UNKNOWN : value.toFixed(3);
}
