// Seeded chance and shades of a colour, so that every rendering draws the same picture.
import type { Colour } from './mesh.ts';

/** A generator of reproducible numbers in [0, 1): Mulberry32. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A colour made lighter or darker by a factor, as CSS. */
export function shade(colour: Colour, factor: number): string {
  const [r, g, b] = colour.map((channel) => Math.round(Math.min(255, channel * factor)));
  return `rgb(${r} ${g} ${b})`;
}
