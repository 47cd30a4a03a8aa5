// Names for what a written model contains: short, unique, and the same on every build.

/** What a value without a name is called, with a number. */
const NAMELESS = 'unnamed';

/**
 * The names, but none empty and none twice: the first of several keeps its name, the others get numbers that
 * lead to no name that is there already.
 */
export function distinctNames(wanted: readonly string[]): string[] {
  const names = new Names(wanted);
  const given = new Set(['']);
  return wanted.map((name) => {
    if (given.has(name)) return names.next(name || NAMELESS);
    given.add(name);
    return name;
  });
}

/** Gives out names that nobody else in the model has. */
export class Names {
  readonly #taken: Set<string>;
  readonly #counts = new Map<string, number>();

  /** `reserved` are the names of inputs and outputs, which their users ask for. */
  constructor(reserved: readonly string[]) {
    this.#taken = new Set(reserved);
  }

  /** `stem` with the next number, e.g. conv_3. */
  next(stem: string): string {
    const count = (this.#counts.get(stem) ?? 0) + 1;
    this.#counts.set(stem, count);
    const name = `${stem}_${count}`;
    if (this.#taken.has(name)) return this.next(stem);
    this.#taken.add(name);
    return name;
  }
}
