import { describe, expect, it } from 'vitest';
import { readRetryAfter } from '../../../src/lib/events/retry-after.ts';

const DEVICE_TIME_MS = Date.parse('2026-11-21T12:00:00Z');

function read(headers: Record<string, string>): number | null {
  return readRetryAfter(new Headers(headers), DEVICE_TIME_MS);
}

describe('readRetryAfter', () => {
  it('reads seconds', () => {
    expect(read({ 'retry-after': '5' })).toBe(5000);
    expect(read({ 'retry-after': ' 120 ' })).toBe(120_000);
    expect(read({ 'retry-after': '0' })).toBe(0);
  });

  it('reads a date by the clock of the server, however wrong the own one is', () => {
    const retryAfter = 'Sat, 21 Nov 2026 09:00:30 GMT';
    expect(read({ 'retry-after': retryAfter, date: 'Sat, 21 Nov 2026 09:00:00 GMT' })).toBe(30_000);
  });

  it('reads a date by the own clock where the server does not tell its time', () => {
    expect(read({ 'retry-after': 'Sat, 21 Nov 2026 12:01:00 GMT' })).toBe(60_000);
    expect(read({ 'retry-after': 'Sat, 21 Nov 2026 12:01:00 GMT', date: 'noon' })).toBe(60_000);
  });

  it('takes a date that has passed for now', () => {
    expect(read({ 'retry-after': 'Sat, 21 Nov 2026 11:59:00 GMT' })).toBe(0);
  });

  it('says when the server does not say', () => {
    expect(read({})).toBeNull();
    expect(read({ 'retry-after': '' })).toBeNull();
    expect(read({ 'retry-after': 'soon' })).toBeNull();
  });
});
