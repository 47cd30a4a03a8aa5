// How a page sees that a worker is gone: a browser ends one that takes too much memory without a word, but
// gives back the lock that it held (Web Locks). A worker that is busy computing holds it all the same.

/** In a worker: takes a lock until the worker ends. Gives its name, or null where there are no locks. */
export async function holdLifeLock(): Promise<string | null> {
  // Typed as if it were always there; pages that are not secure have none.
  const { locks } = navigator as { readonly locks?: LockManager };
  if (!locks) return null;
  const name = `kinemark-engine/${crypto.randomUUID()}`;
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const forEver = (): Promise<never> => {
    resolve(name);
    return new Promise(() => undefined);
  };
  // Pages that may store nothing may not lock either.
  locks.request(name, forEver).catch(() => resolve(null));
  return promise;
}

/** On the page: calls back when the worker that holds the lock is gone, unless aborted before. */
export function watchLifeLock(name: string, signal: AbortSignal, onEnd: () => void): void {
  navigator.locks.request(name, { signal }, onEnd).catch(() => undefined);
}
