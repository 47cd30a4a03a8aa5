// When a server wants to be asked again: the Retry-After header (RFC 9110, 10.2.3).

const DELAY_SECONDS = /^\d+$/;

/**
 * How long the response asks to wait, in ms, not negative; null when it does not say or cannot be
 * understood. A date is compared with the server's own clock where it tells its time: the device's may
 * be wrong, and `deviceTimeMs` (since the epoch) is only what is left.
 */
export function readRetryAfter(headers: Headers, deviceTimeMs: number): number | null {
  const value = headers.get('retry-after')?.trim() ?? '';
  if (DELAY_SECONDS.test(value)) return Number(value) * 1000;
  const wantedMs = Date.parse(value);
  if (Number.isNaN(wantedMs)) return null;
  const serverTimeMs = Date.parse(headers.get('date') ?? '');
  return Math.max(0, wantedMs - (Number.isNaN(serverTimeMs) ? deviceTimeMs : serverTimeMs));
}
