import { describe, expect, it } from 'vitest';
import { formatAgo } from '../../../src/lib/ui/runs/relative-time.ts';

const NOW_MS = Date.parse('2026-11-20T12:00:00Z');

describe('formatAgo', () => {
  it.each([
    ['2026-11-20T12:00:05Z', 'just now'],
    ['2026-11-20T11:59:01Z', 'just now'],
    ['2026-11-20T11:59:00Z', '1 min ago'],
    ['2026-11-20T11:00:01Z', '59 min ago'],
    ['2026-11-20T11:00:00Z', '1 h ago'],
    ['2026-11-19T12:00:01Z', '23 h ago'],
    ['2026-11-19T12:00:00Z', '1 day ago'],
    ['2026-11-17T13:00:00+02:00', '3 days ago'],
  ])('says of %s: %s', (iso, words) => {
    expect(formatAgo(iso, NOW_MS)).toBe(words);
  });

  it('gives the date after a month', () => {
    expect(formatAgo('2026-01-15T12:00:00Z', NOW_MS)).toContain('2026');
  });
});
