// Decisions from random numbers, for schedules that a seed repeats.

/** Draws from one stream of random numbers; each call moves it on by one number. */
export type Draw = {
  /** True with this probability, in [0, 1]. */
  chance(probability: number): boolean;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** One of the items, each equally likely. */
  pick<Item>(items: readonly Item[]): Item;
  /** One of the items by their weights, which are positive. */
  weighted<Item>(items: readonly (readonly [weight: number, item: Item])[]): Item;
};

/** Draws from `random`, numbers in [0, 1). */
export function createDraw(random: () => number): Draw {
  return {
    chance: (probability) => random() < probability,
    between: (low, high) => low + Math.floor(random() * (high - low + 1)),
    pick: (items) => items[Math.floor(random() * items.length)]!,
    weighted(items) {
      let left = random() * items.reduce((sum, [weight]) => sum + weight, 0);
      for (const [weight, item] of items) {
        left -= weight;
        if (left < 0) return item;
      }
      return items.at(-1)![1];
    },
  };
}
