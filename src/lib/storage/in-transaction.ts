// All-or-nothing changes to the database, with the true reason when one fails, told once: a transaction's own
// promise, left alone, would be an error of the page.

/** The part of an `idb` transaction that is needed here. */
type Transaction = {
  readonly done: Promise<void>;
  readonly error: DOMException | null;
  abort(): void;
};

/**
 * Runs `work`, which waits for requests of `tx` and for nothing else, and returns its result once it is
 * committed; undoes everything when it throws. Rejects with what aborted the transaction, as a full quota,
 * rather than with the `AbortError` of a request that went down with it.
 */
export async function inTransaction<T extends Transaction, R>(
  tx: T,
  work: (tx: T) => Promise<R>,
): Promise<R> {
  try {
    const result = await work(tx);
    await tx.done;
    return result;
  } catch (cause) {
    try {
      tx.abort();
    } catch {
      // It has ended already.
    }
    await tx.done.catch(() => undefined);
    throw tx.error ?? cause;
  }
}
