// Whether Firestore can keep a document at all: it is asked before the transaction, as Firestore's own refusal
// does not say which event it is about. Pure.

/** Firestore's limit for a document. */
const MAX_DOCUMENT_BYTES = 1_048_576;
/** Of a document's name and overhead, times and numbers in maps: generous. */
const OVERHEAD_BYTES = 2048;
/** A number, a time, null. */
const SCALAR_BYTES = 8;

/** An event can never be stored as it is; `message` is for people. */
export class TooLargeError extends Error {
  override name = 'TooLargeError';
}

/** Throws TooLargeError when `document`, called `name` in its sentence, is larger than Firestore bears. */
export function requireFits(name: string, document: Readonly<Record<string, unknown>>): void {
  const bytes = Object.entries(document).reduce(
    (sum, [field, value]) => sum + Buffer.byteLength(field) + valueBytes(value),
    OVERHEAD_BYTES,
  );
  if (bytes <= MAX_DOCUMENT_BYTES) return;
  throw new TooLargeError(
    `${name} would have ${bytes} bytes in Firestore, which takes ${MAX_DOCUMENT_BYTES}, ` +
      'so it cannot be stored; make a shorter run, or drop the event',
  );
}

function valueBytes(value: unknown): number {
  return typeof value === 'string' ? Buffer.byteLength(value) + 1 : SCALAR_BYTES;
}
