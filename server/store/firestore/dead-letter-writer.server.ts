// Puts events aside that died, for a worker in Google's cloud.
import type { DeadLetterWriter } from '../../broker/dead-letters.server.ts';
import { deadLettersOf } from './collections.server.ts';
import { isDeadLetterId, toDocument } from './dead-letter-document.server.ts';
import { requireFits } from './document-size.server.ts';
import type { FirestoreClient } from './firestore-client.server.ts';

/**
 * Writes with `client`. `put` rejects when Firestore refuses, and with TooLargeError; what has come through ingest
 * always fits, as a whole batch has 400 KB.
 */
export function createDeadLetterWriter({ firestore, write }: FirestoreClient): DeadLetterWriter {
  const letters = deadLettersOf(firestore);
  return {
    async put(letter) {
      if (!isDeadLetterId(letter.id)) {
        throw new Error(`A dead letter cannot have the id ${JSON.stringify(letter.id)}.`);
      }
      const document = toDocument(letter);
      requireFits(`The dead letter ${letter.id}`, document);
      await write(letters.doc(letter.id).set(document));
    },
  };
}
