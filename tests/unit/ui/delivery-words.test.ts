// What the device's page says of sending.
import { expect, test } from 'vitest';
import { describeDelivery, describeUnread } from '../../../src/lib/ui/device/delivery-words.ts';

const NOW_MS = 60_000;

test.each([
  [{ kind: 'idle' }, 0, 'Everything has been sent.'],
  [{ kind: 'idle' }, 1, '1 event will be sent next.'],
  [{ kind: 'sending' }, 3, 'Sending…'],
  [{ kind: 'elsewhere' }, 3, 'Another tab of this browser is sending.'],
  [
    { kind: 'waiting', reason: 'the server did not answer.', retryAtMs: NOW_MS + 11_200 },
    12,
    'Not sent yet because the server did not answer.',
    'Next try in 12 s.',
  ],
  [
    { kind: 'waiting', reason: 'the server is full', retryAtMs: NOW_MS + 3_593_000 },
    1,
    'Not sent yet because the server is full.',
    'Next try in 59 min 53 s.',
  ],
  // A try that is due is never in 0 s, nor in the past.
  [
    { kind: 'waiting', reason: 'the server is full', retryAtMs: NOW_MS - 5 },
    1,
    'Not sent yet because the server is full.',
    'Next try in 1 s.',
  ],
] as const)('%j with %i waiting', (state, waiting, text, nextTry: string | null = null) => {
  const note = describeDelivery(state, { waiting, refused: 0 }, NOW_MS);
  expect(note).toEqual({ text, nextTry, tone: 'quiet' });
});

test('what is read out stays while the seconds pass', () => {
  const state = { kind: 'waiting', reason: 'the server is full', retryAtMs: 50_000 } as const;
  const notes = [0, 1000, 2000].map((nowMs) =>
    describeDelivery(state, { waiting: 1, refused: 0 }, nowMs),
  );
  expect(new Set(notes.map(({ text }) => text)).size).toBe(1);
  expect(new Set(notes.map(({ nextTry }) => nextTry)).size).toBe(3);
});

test('where events were refused or discarded, not everything has been sent', () => {
  const note = describeDelivery({ kind: 'idle' }, { waiting: 0, refused: 1 }, 0);
  expect(note.text).toBe('Nothing waits to be sent.');
});

test.each(['pending', 'failed'] as const)('nothing is said of sending while %s', (reading) => {
  expect(describeUnread(reading).text).not.toMatch(/sent/);
});

test('what the user must see to is marked, and says what to do', () => {
  const waiting = { waiting: 2, refused: 0 };
  const refused = describeDelivery(
    { kind: 'unauthorised', reason: 'its token has expired' },
    waiting,
    0,
  );
  expect(refused.tone).toBe('doubtful');
  expect(refused.text).toMatch(/because its token has expired\. Ask whoever runs it/);
  const broken = describeDelivery({ kind: 'broken', reason: 'the disk is full' }, waiting, 0);
  expect(broken.tone).toBe('broken');
  expect(broken.text).toMatch(/because the disk is full\. Reload the page/);
});
