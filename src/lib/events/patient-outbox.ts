// An outbox in which a refused event holds nobody up: one that storage does not take is remembered here and
// left out of what is sent until it does.
import type { Outbox } from './outbox.ts';

/** An outbox whose `reject` fails for nobody. */
export type PatientOutbox = Outbox & {
  /** Entries that a server refused and that could not be set aside yet. Forgotten with the page. */
  readonly unplaced: number;
  /** Sets them aside; rejects while storage does not take them. */
  place(): Promise<void>;
};

/** Stands before `outbox`. */
export function createPatientOutbox(outbox: Outbox): PatientOutbox {
  /** Reasons by key. */
  const refused = new Map<number, string>();

  async function place(): Promise<void> {
    const rejections = [...refused].map(([key, reason]) => ({ key, reason }));
    await outbox.reject(rejections);
    for (const { key } of rejections) refused.delete(key);
  }

  return {
    peek: (limit, except = new Set()) =>
      outbox.peek(limit, new Set([...except, ...refused.keys()])),
    remove: (keys) => outbox.remove(keys),
    async reject(rejections) {
      for (const { key, reason } of rejections) refused.set(key, reason);
      // Whoever has sent the rest calls place(), and hears why it fails.
      await place().catch(() => undefined);
    },
    count: () => outbox.count(),
    get unplaced() {
      return refused.size;
    },
    place,
  };
}
