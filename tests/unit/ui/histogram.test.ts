import { describe, expect, it } from 'vitest';
import { MAX_BINS, binLatencies, describeBin } from '../../../src/lib/ui/charts/histogram.ts';

/** n values spread evenly from `from` to `to`, both included. */
function spread(n: number, from: number, to: number): number[] {
  return Array.from({ length: n }, (_, index) => from + ((to - from) * index) / (n - 1));
}

describe('binLatencies', () => {
  it('has no bins for no latencies', () => {
    expect(binLatencies([])).toEqual({ bins: [], widthMs: 0, total: 0, openEnded: false });
  });

  it('counts every latency exactly once, in bins side by side', () => {
    const latencies = spread(997, 20.3, 47.9);
    const { bins, total } = binLatencies(latencies);
    expect(total).toBe(997);
    expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(997);
    for (const [index, bin] of bins.slice(1).entries()) expect(bin.fromMs).toBe(bins[index]?.toMs);
  });

  it("rounds Freedman and Diaconis's width up to a step that reads well", () => {
    // IQR 10, n = 1001: 2 · 10 · 1001^(−1/3) = 1.9993.
    const { widthMs, bins } = binLatencies(spread(1001, 20, 40));
    expect(widthMs).toBe(2);
    expect(bins[0]).toMatchObject({ fromMs: 20, toMs: 22 });
  });

  it('puts a latency on an edge into the bin that begins there', () => {
    // In binary, 0.3 / 0.1 is less than 3.
    const { bins, widthMs } = binLatencies(spread(1001, 0, 1));
    expect(widthMs).toBe(0.1);
    expect(bins.map((bin) => bin.count)).toEqual([...new Array<number>(10).fill(100), 1]);
  });

  it('holds identical latencies in a single bin', () => {
    const { bins } = binLatencies(new Array<number>(50).fill(16.7));
    expect(bins.filter((bin) => bin.count > 0)).toHaveLength(1);
    expect(bins).toHaveLength(1);
  });

  it.each([
    ['a long even tail', [...spread(900, 20, 21), ...spread(100, 21, 29)]],
    ['thousands of latencies', spread(100_000, 10, 60)],
    ['one latency', [12.5]],
    ['zeros', [0, 0, 0, 0.1]],
  ])('keeps to %s within the bound', (_, latencies) => {
    const { bins } = binLatencies(latencies);
    expect(bins.length).toBeGreaterThan(0);
    expect(bins.length).toBeLessThanOrEqual(MAX_BINS);
  });

  it('counts a stalled frame in the last bin, which is then open', () => {
    const steady = spread(400, 24, 32);
    const { bins, openEnded, total } = binLatencies([...steady, 900]);
    expect(openEnded).toBe(true);
    expect(total).toBe(401);
    expect(bins.at(-1)).toMatchObject({ count: 1 });
    expect(bins.at(-1)?.toMs).toBeLessThan(100);
    expect(binLatencies(steady).openEnded).toBe(false);
  });

  it('has edges without binary noise', () => {
    const { bins } = binLatencies(spread(200, 0.1, 1.3));
    for (const { fromMs } of bins) expect(String(fromMs).length).toBeLessThanOrEqual(4);
  });
});

describe('describeBin', () => {
  function words(latencies: readonly number[]): readonly string[] {
    const histogram = binLatencies(latencies);
    return histogram.bins.map((bin) => describeBin(histogram, bin));
  }

  it('tells the range and the frames', () => {
    expect(words(spread(1001, 0, 1))[2]).toBe('0.2–0.3 ms: 100 frames');
    expect(words([12.5])).toEqual(['12.4–12.6 ms: 1 frame']);
  });

  it('tells that the last bin is open', () => {
    expect(words([...spread(400, 24, 32), 900]).at(-1)).toMatch(/ ms and more: 1 frame$/);
  });
});
