// How long ago something was, in words.

const MS_PER_MINUTE = 60_000;
const MS_PER_HOUR = 60 * MS_PER_MINUTE;
const MS_PER_DAY = 24 * MS_PER_HOUR;
const DAYS_TOLD = 30;

/**
 * `just now`, `3 min ago`, `5 h ago`, `2 days ago`; after a month the date. Minutes and longer, so that
 * a list of them keeps still. A moment ahead of `nowMs` is `just now`: devices' clocks differ.
 */
export function formatAgo(iso: string, nowMs: number): string {
  const thenMs = Date.parse(iso);
  const agoMs = nowMs - thenMs;
  if (agoMs < MS_PER_MINUTE) return 'just now';
  if (agoMs < MS_PER_HOUR) return `${Math.floor(agoMs / MS_PER_MINUTE)} min ago`;
  if (agoMs < MS_PER_DAY) return `${Math.floor(agoMs / MS_PER_HOUR)} h ago`;
  const days = Math.floor(agoMs / MS_PER_DAY);
  if (days === 1) return '1 day ago';
  if (days <= DAYS_TOLD) return `${days} days ago`;
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' }).format(thenMs);
}

/** A moment to the second with its zone's name: the server may write it before the browser does. */
export function formatMomentWithZone(iso: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' }).format(
    new Date(iso),
  );
}
