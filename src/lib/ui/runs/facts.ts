// Rows of a card that tells facts: a label, a value in words or figures, and a remark. How rows look:
// FactCard.svelte.

/** One row. */
export type Fact = {
  readonly label: string;
  /** As it is shown, without its unit; null when it is not known. */
  readonly value: string | null;
  readonly unit?: string | undefined;
  /** Beside the value: an interval, or how many. */
  readonly detail?: string | undefined;
  /** What the figure means, or why it is not known: a whole sentence. */
  readonly note?: string | undefined;
};

/** The facts, with neighbours that are unknown for the same reason in one row: a reason is read once. */
export function joinUnknown(facts: readonly Fact[]): readonly Fact[] {
  const joined: Fact[] = [];
  for (const fact of facts) {
    const previous = joined.at(-1);
    if (previous?.value === null && fact.value === null && previous.note === fact.note) {
      joined[joined.length - 1] = {
        ...previous,
        label: `${previous.label}, ${inline(fact.label)}`,
      };
    } else {
      joined.push(fact);
    }
  }
  return joined;
}

/** A label within a list; abbreviations keep their capitals. */
function inline(label: string): string {
  return /^[A-Z][a-z]/.test(label) && !label.startsWith('Web')
    ? label.charAt(0).toLowerCase() + label.slice(1)
    : label;
}
