// Dead letters in Firestore, to look at.
import type { DeadLetterReader } from '../../broker/dead-letters.server.ts';
import { deadLettersOf } from './collections.server.ts';
import {
  ENTRY_FIELDS,
  isDeadLetterId,
  toDeadLetter,
  toEntry,
  type DeadLetterDocument,
} from './dead-letter-document.server.ts';
import type { FirestoreClient } from './firestore-client.server.ts';

/** Reads with `client`. */
export function createDeadLetterReader({ firestore, read }: FirestoreClient): DeadLetterReader {
  const letters = deadLettersOf(firestore);
  return {
    async count() {
      return (await read(letters.count().get())).data().count;
    },

    async list({ limit }) {
      const newest = letters.orderBy('diedAt', 'desc').limit(limit);
      const { docs } = await read(newest.select(...ENTRY_FIELDS).get());
      return docs.map((entry) => toEntry(entry.id, entry.data() as DeadLetterDocument));
    },

    async get(id) {
      if (!isDeadLetterId(id)) return null;
      const letter = (await read(letters.doc(id).get())).data();
      return letter === undefined ? null : toDeadLetter(id, letter);
    },
  };
}
