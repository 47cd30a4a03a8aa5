import { describe, expect, it } from 'vitest';
import { createSeededRandom, shuffled } from '../../../src/lib/metrics/seeded-random.ts';

function draw(seed: number, count: number): number[] {
  const random = createSeededRandom(seed);
  return Array.from({ length: count }, random);
}

describe('createSeededRandom', () => {
  it('repeats itself for a seed and differs for its neighbour', () => {
    expect(draw(7, 5)).toEqual(draw(7, 5));
    const [seven, eight] = [new Set(draw(7, 100)), draw(8, 100)];
    expect(eight.filter((value) => seven.has(value))).toEqual([]);
  });

  it('is even over [0, 1), from the first number of each seed on', () => {
    const firsts = Array.from({ length: 20_000 }, (_, seed) => draw(seed, 1)[0] as number);
    for (const numbers of [draw(1, 20_000), firsts]) {
      const counts = new Array<number>(10).fill(0);
      for (const number of numbers)
        counts[Math.floor(number * 10)] = (counts[Math.floor(number * 10)] ?? 0) + 1;
      const chiSquare = counts.reduce((sum, count) => sum + (count - 2000) ** 2 / 2000, 0);
      expect(counts).toHaveLength(10);
      // The 99.9th percentile of χ² with 9 degrees of freedom.
      expect(chiSquare).toBeLessThan(27.88);
    }
  });

  it('has no memory', () => {
    const numbers = draw(3, 20_000).map((number) => number - 0.5);
    const product = numbers.slice(1).reduce((sum, value, i) => sum + value * (numbers[i] ?? 0), 0);
    // Four standard errors of a correlation.
    expect(Math.abs((product / numbers.length) * 12)).toBeLessThan(4 / Math.sqrt(20_000));
  });
});

describe('shuffled', () => {
  it('gives every order equally often, and leaves what it was given', () => {
    const random = createSeededRandom(11);
    const items = ['a', 'b', 'c', 'd'];
    const counts = new Map<string, number>();
    for (let i = 0; i < 24_000; i += 1) {
      const order = shuffled(items, random).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(items.join('')).toBe('abcd');
    expect(counts.size).toBe(24);
    const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
    // The 99.9th percentile of χ² with 23 degrees of freedom.
    expect(chiSquare).toBeLessThan(49.73);
  });

  it('has nothing to shuffle in nothing', () => {
    expect(shuffled([], createSeededRandom(1))).toEqual([]);
  });
});
