// Numbers as ranges of text: whatever is added, the set is what a Set of texts would be.
import { expect, test } from 'vitest';
import { readSequenceSet } from '../../../server/store/firestore/sequence-set.server.ts';
import { createSeededRandom } from '../../../src/lib/metrics/seeded-random.ts';

test.each([
  [['0', '1', '2', '57'], '0-2,57'],
  [['2', '0', '1'], '0-2'],
  [['5', '3', '4', '9', '8'], '3-5,8-9'],
  [['10', '9', '11'], '9-11'],
  [['999999999', '1000000000'], '999999999-1000000000'],
  [['7', '007', '00', '0'], '0,7,00,007'],
  [[String(Number.MAX_SAFE_INTEGER), '0'], `0,${Number.MAX_SAFE_INTEGER}`],
  [[], ''],
])('%j is written as %j', (sequences, text) => {
  const set = readSequenceSet('');
  for (const sequence of sequences) expect(set.add(sequence)).toBe(true);
  expect(set.toText()).toBe(text);
  const again = readSequenceSet(text);
  expect(again.toText()).toBe(text);
  for (const sequence of sequences) {
    expect(again.has(sequence)).toBe(true);
    expect(again.add(sequence)).toBe(false);
  }
});

test('for random numbers, read and written again and again, it is a set', () => {
  for (let seed = 0; seed < 200; seed++) {
    const random = createSeededRandom(seed);
    const expected = new Set<string>();
    let set = readSequenceSet('');
    for (let step = 0; step < 60; step++) {
      const number = String(Math.floor(random() * 40));
      const sequence = random() < 0.1 ? number.padStart(3, '0') : number;
      expect(set.has(sequence)).toBe(expected.has(sequence));
      expect(set.add(sequence), `seed ${seed}, ${sequence}`).toBe(!expected.has(sequence));
      expected.add(sequence);
      if (random() < 0.3) set = readSequenceSet(set.toText());
    }
    for (let number = 0; number < 45; number++) {
      expect(set.has(String(number))).toBe(expected.has(String(number)));
    }
    // Never two ranges where one would do.
    const bounds = set
      .toText()
      .split(',')
      .filter((item) => !/^0\d/.test(item))
      .map((item) => item.split('-').map(Number));
    for (const [index, [first = 0]] of bounds.slice(1).entries()) {
      expect(first).toBeGreaterThan((bounds[index]?.at(-1) ?? 0) + 1);
    }
  }
});
