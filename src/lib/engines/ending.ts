// Something that may end while others wait for it. A `Promise.race` against one promise that stays open would
// keep every result it ever saw: each call leaves a reaction behind.

/** The end of something, which comes once or never. */
export type Ending = {
  readonly hasEnded: boolean;
  /** Ends it: whoever waits, now or later, gets this reason. Only the first counts. */
  end(reason: unknown): void;
  /** What the call gives, or the reason as soon as it ends; when it has ended, nothing is called. */
  orEnded<T>(call: () => Promise<T>): Promise<T>;
};

/** Something that has not ended. Keeps nothing of calls that are done. */
export function createEnding(): Ending {
  const waiting = new Set<(reason: unknown) => void>();
  let ended: { readonly reason: unknown } | null = null;
  return {
    get hasEnded() {
      return ended !== null;
    },
    end(reason) {
      if (ended) return;
      ended = { reason };
      for (const reject of waiting) reject(reason);
    },
    async orEnded(call) {
      if (ended) throw ended.reason as Error;
      const { promise, reject } = Promise.withResolvers<never>();
      waiting.add(reject);
      try {
        return await Promise.race([call(), promise]);
      } finally {
        waiting.delete(reject);
      }
    },
  };
}
