// Which numbers of a run have been seen, small as text: a run numbers its events and its windows without gaps, so
// that a thousand of them are one range. Pure.

/** A set of numbers as they are written in event ids. */
export type SequenceSet = {
  has(sequence: string): boolean;
  /** False when it was in the set before. */
  add(sequence: string): boolean;
  /** What `readSequenceSet` reads: ranges and single numbers, as in `0-57,60`. */
  toText(): string;
};

/** First and last number; both belong to it. */
type Range = { first: number; last: number };

/** `007` is another id than `7`, so it is kept as it is written. */
const PLAIN_NUMBER = /^(0|[1-9]\d*)$/;

/** Reads what `toText` wrote; the empty text is the empty set. */
export function readSequenceSet(text: string): SequenceSet {
  const items = text === '' ? [] : text.split(',');
  const odd = new Set(items.filter((item) => !isRange(item)));
  /** In order, and never so close that two could be one. */
  const ranges = items.filter(isRange).map(readRange);

  /** Where the first range stands that ends at `number` or later. */
  function indexOf(number: number): number {
    let low = 0;
    let high = ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (at(middle).last < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function at(index: number): Range {
    const range = ranges[index];
    if (range === undefined) throw new Error(`There is no range ${index} of ${ranges.length}.`);
    return range;
  }

  function hasNumber(number: number): boolean {
    const range = ranges[indexOf(number)];
    return range !== undefined && range.first <= number;
  }

  function addNumber(number: number): void {
    const index = indexOf(number);
    const before = ranges[index - 1];
    const after = ranges[index];
    const joinsBefore = before !== undefined && before.last === number - 1;
    const joinsAfter = after !== undefined && after.first === number + 1;
    if (joinsBefore && joinsAfter)
      ranges.splice(index - 1, 2, { first: before.first, last: after.last });
    else if (joinsBefore) before.last = number;
    else if (joinsAfter) after.first = number;
    else ranges.splice(index, 0, { first: number, last: number });
  }

  const has = (sequence: string) =>
    PLAIN_NUMBER.test(sequence) ? hasNumber(Number(sequence)) : odd.has(sequence);

  return {
    has,
    add(sequence) {
      if (has(sequence)) return false;
      if (PLAIN_NUMBER.test(sequence)) addNumber(Number(sequence));
      else odd.add(sequence);
      return true;
    },
    toText: () => [...ranges.map(rangeText), ...[...odd].sort()].join(','),
  };
}

function isRange(item: string): boolean {
  return item.split('-').every((bound) => PLAIN_NUMBER.test(bound));
}

function readRange(item: string): Range {
  const [first = '', last = first] = item.split('-');
  return { first: Number(first), last: Number(last) };
}

function rangeText({ first, last }: Range): string {
  return first === last ? String(first) : `${first}-${last}`;
}
