// The quick check of events against the schema that it stands in for: it may be unsure of anything, but what it
// recognises the schema accepts and returns unchanged.
import { expect, test } from 'vitest';
import * as v from 'valibot';
import { createWindowAccumulator } from '../../../src/lib/benchmark/window-accumulator.ts';
import { metricEventSchema } from '../../../src/lib/events/metric-event.ts';
import { createQuickCheck } from '../../../src/lib/events/quick-check.ts';
import { createRunEvents } from '../../../src/lib/events/run-events.ts';
import { createSeededRandom } from '../../../src/lib/metrics/seeded-random.ts';
import {
  DEVICE_ID,
  RUN_ID,
  interruptedEvent,
  runEvents,
  windowEvent,
} from '../../fixtures/events.ts';
import { frameSample } from '../../fixtures/run-results.ts';

const MUTATIONS = 20_000;
/** What takes the place of something: each of them is right somewhere. */
const REPLACEMENTS = [
  null,
  true,
  0,
  -1,
  0.5,
  1,
  2,
  1440,
  1e15,
  2 ** 53,
  1e308,
  '',
  '1.0',
  'x'.repeat(201),
  RUN_ID,
  `${RUN_ID}/7`,
  '2026-11-05T10:00:00.000Z',
  '2026-02-31T10:00:00Z',
  [],
  [1, 1],
  [[1, 1]],
  [[1, 1, 1]],
  {},
  { p10: null, p50: null, p90: null },
] as const;

const isPlainlyValid = createQuickCheck(metricEventSchema);

/** Nothing of the schema's own, which copies what it reads. */
function expectAgreement(text: string): boolean {
  const value: unknown = JSON.parse(text);
  if (!isPlainlyValid(value)) return false;
  const parsed = v.safeParse(metricEventSchema, value);
  expect(parsed.success, text).toBe(true);
  expect(JSON.stringify(parsed.output)).toBe(JSON.stringify(value));
  return true;
}

/** One random place of a JSON value is replaced, removed, repeated under another name, or moved to the end. */
function mutate(root: unknown, random: () => number): void {
  const places: [holder: Record<string, unknown>, key: string][] = [];
  const collect = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return;
    const holder = value as Record<string, unknown>;
    for (const key of Object.keys(holder)) {
      places.push([holder, key]);
      collect(holder[key]);
    }
  };
  collect(root);
  const [holder, key] = places[Math.floor(random() * places.length)]!;
  const value = holder[key];
  const way = Math.floor(random() * 6);
  if (way <= 2) holder[key] = REPLACEMENTS[Math.floor(random() * REPLACEMENTS.length)];
  else if (way === 3) delete holder[key];
  else if (way === 4) holder[random() < 0.5 ? 'toString' : 'more'] = value;
  else {
    delete holder[key];
    holder[key] = value;
  }
}

test('what it recognises the schema accepts and leaves as it is', () => {
  const random = createSeededRandom(1);
  const texts = [...runEvents(2), interruptedEvent()].map((event) => JSON.stringify(event));
  const tally = { recognised: 0, unsure: 0 };
  for (let count = 0; count < MUTATIONS; count++) {
    const value: unknown = JSON.parse(texts[count % texts.length]!);
    mutate(value, random);
    tally[expectAgreement(JSON.stringify(value)) ? 'recognised' : 'unsure'] += 1;
  }
  // Both happen often enough for this to mean something.
  expect(tally.recognised).toBeGreaterThan(MUTATIONS / 20);
  expect(tally.unsure).toBeGreaterThan(MUTATIONS / 4);
});

test('keys that JSON can hold and objects have anyway are not recognised', () => {
  for (const key of ['__proto__', 'constructor', 'toString']) {
    const text = JSON.stringify(windowEvent(0)).replace('{', `{"${key}":{"specversion":"1.0"},`);
    expect(isPlainlyValid(JSON.parse(text)), key).toBe(false);
  }
});

test('a tuple that is longer or shorter is not recognised: the schema cuts it', () => {
  const text = JSON.stringify(windowEvent(0));
  expect(isPlainlyValid(JSON.parse(text))).toBe(true);
  for (const bucket of ['[150,3,1]', '[150]']) {
    expect(isPlainlyValid(JSON.parse(text.replace('[150,3]', bucket))), bucket).toBe(false);
  }
});

test('the windows of a real run are recognised: the schema is for the rest', () => {
  const windows = createWindowAccumulator(
    { windowMs: 100, maxWindowFrames: 4 },
    { widthPx: 480, heightPx: 640 },
  );
  const events = createRunEvents(RUN_ID, DEVICE_ID, () => new Date('2026-11-05T10:00:00Z'));
  const made = Array.from({ length: 12 }, (_, frame) => {
    return windows.add(frameSample(frame), 33.3, 0);
  }).filter((window) => window !== null);
  expect(made.length).toBeGreaterThanOrEqual(3);
  for (const window of made)
    expect(expectAgreement(JSON.stringify(events.window(window)))).toBe(true);
});
