// Random numbers that a seed repeats: for bootstraps and for the order of a sweep, not for secrets.

/** Steps after which sfc32's state no longer shows its seed. Source: PractRand's own seeding, 12 to 18 steps. */
const MIXING_STEPS = 15;

/**
 * A generator of numbers in [0, 1) with 32 random bits each: the same ones for the same `seed`, of which
 * the lowest 32 bits count. Algorithm: sfc32, "small fast counting" (Doty-Humphrey, PractRand 0.94).
 */
export function createSeededRandom(seed: number): () => number {
  // Digits of the golden ratio, π and e: any start will do that is not all zero.
  let [a, b, c, counter] = [0x9e3779b9 | 0, 0x243f6a88, 0xb7e15162 | 0, seed | 0];
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let step = 0; step < MIXING_STEPS; step += 1) next();
  return next;
}

/**
 * `items` in an order drawn from `random` (numbers in [0, 1)), as a new array; every order is equally
 * likely. Algorithm: Fisher & Yates, as in Knuth, The Art of Computer Programming 2, 3.4.2 P.
 */
export function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const drawn: Item[] = [];
  const left = [...items];
  while (left.length > 0) {
    const index = Math.floor(random() * left.length);
    const last = left.length - 1;
    const picked = left[index] as Item;
    left[index] = left[last] as Item;
    left.length = last;
    drawn.push(picked);
  }
  return drawn;
}
