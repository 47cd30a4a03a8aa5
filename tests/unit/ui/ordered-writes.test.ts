import { expect, it } from 'vitest';
import { MAX_WAITING_WRITES, createOrderedWrites } from '../../../src/lib/ui/ordered-writes.ts';
import type { OrderedWrites, Write } from '../../../src/lib/ui/ordered-writes.ts';

const FULL = new DOMException('No room.', 'QuotaExceededError');

/** A storage with so much room, and the writes that go there. */
function storageWith(initialBytes: number) {
  const storage = {
    roomBytes: initialBytes,
    /** What can be made room of. */
    sparedBytes: 0,
    askedBytes: [] as number[],
    failure: null as Error | null,
    stored: [] as string[],
    changes: 0,
  };
  const writes: OrderedWrites = createOrderedWrites({
    makeRoom(bytes) {
      storage.askedBytes.push(bytes);
      const freed = storage.sparedBytes;
      storage.roomBytes += freed;
      storage.sparedBytes = 0;
      return Promise.resolve(freed);
    },
    onStored: () => undefined,
    onChange: () => (storage.changes += 1),
    retryMs: 1,
  });
  const store = (name: string, bytes: number) => () => {
    if (storage.failure) return Promise.reject(storage.failure);
    if (bytes > storage.roomBytes) return Promise.reject(FULL);
    storage.roomBytes -= bytes;
    storage.stored.push(name);
    return Promise.resolve();
  };
  const add = (name: string, bytes: number, more: Partial<Write> = {}) =>
    writes.add({ store: store(name, bytes), bytes, isExpendable: false, ...more });
  return { storage, writes, store, add };
}

it('stores one after the other, and is settled when nothing waits', async () => {
  const { storage, writes, add } = storageWith(10);
  await writes.settled();
  add('a', 1);
  add('b', 1);
  await writes.settled();
  add('c', 1);
  await writes.settled();
  expect(storage.stored).toEqual(['a', 'b', 'c']);
  expect(storage.changes).toBe(0);
});

it('makes room once and tries again at once', async () => {
  const { storage, writes, add } = storageWith(0);
  storage.sparedBytes = 5;
  add('a', 3);
  add('b', 2);
  await writes.settled();
  expect(storage.askedBytes).toEqual([3]);
  expect(storage.stored).toEqual(['a', 'b']);
  expect(writes.failure).toBeNull();
});

it('keeps the order of what waits, whatever there would be room for', async () => {
  const { storage, writes, add } = storageWith(2);
  add('large', 5);
  add('small', 1);
  await expect.poll(() => writes.failure).toBe(FULL);
  expect(storage.stored).toEqual([]);
  storage.roomBytes = 6;
  await writes.settled();
  expect(storage.stored).toEqual(['large', 'small']);
  expect(writes.failure).toBeNull();
});

it('stores less where there is no room for all', async () => {
  const { storage, writes, store, add } = storageWith(2);
  add('all', 5, { storeLess: store('less', 1) });
  await writes.settled();
  expect(storage.stored).toEqual(['less']);
  expect(storage.askedBytes).toEqual([5]);
});

it('neither makes room nor stores less for another failure', async () => {
  const { storage, writes, store, add } = storageWith(9);
  storage.failure = new Error('Gone.');
  add('all', 5, { storeLess: store('less', 1) });
  await expect.poll(() => writes.failure).toBe(storage.failure);
  expect(storage.askedBytes).toEqual([]);
  storage.failure = null;
  await writes.settled();
  expect(storage.stored).toEqual(['all']);
});

it('lets go of what can be spared when too much waits, and of nothing else', async () => {
  const { storage, writes, add } = storageWith(0);
  for (let index = 0; index < MAX_WAITING_WRITES + 3; index += 1) {
    add(`window ${index}`, 1, { isExpendable: true });
  }
  add('end', 1);
  expect(writes.letGo).toBe(3);
  storage.roomBytes = Infinity;
  await writes.settled();
  expect(storage.stored).toHaveLength(MAX_WAITING_WRITES + 1);
  expect(storage.stored.slice(-2)).toEqual([`window ${MAX_WAITING_WRITES - 1}`, 'end']);
});
