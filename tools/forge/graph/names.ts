// Names for what a written model contains: short, unique, and the same on every build.

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
