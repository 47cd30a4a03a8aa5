// The sentences for what Firestore refuses. Pure.
import type { GoogleConfig } from '../../google-config.server.ts';

/** gRPC's codes for what whoever runs the server can mend. */
const NOT_FOUND = 5;
const PERMISSION_DENIED = 7;
const UNAUTHENTICATED = 16;
/** google-auth-library has no code for it. */
const NO_CREDENTIALS = /could not load the default credentials/i;

/** The gRPC code of an error of Firestore's; undefined of others. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** `error` in a sentence that says what to do, where it is one of those that only a person can mend. */
export function explainFirestoreError(
  error: unknown,
  { project, database }: GoogleConfig,
): unknown {
  const code = codeOf(error);
  const reason = error instanceof Error ? error.message : String(error);
  const place = `the database ${database} of the project ${project}`;
  if (code === NOT_FOUND) {
    return new Error(
      `Firestore has no database ${database} in the project ${project} (${reason}); ` +
        'create it, or set FIRESTORE_DATABASE to the id of one that is there',
      { cause: error },
    );
  }
  if (code === PERMISSION_DENIED) {
    return new Error(
      `Firestore does not let this account use ${place} (${reason}); give it roles/datastore.user to write ` +
        'or roles/datastore.viewer to read, or set FIRESTORE_DATABASE to another',
      { cause: error },
    );
  }
  if (code === UNAUTHENTICATED || NO_CREDENTIALS.test(reason)) {
    return new Error(
      `Firestore does not know which account asks for ${place} (${reason}); run this with a service account, ` +
        'or sign in with gcloud auth application-default login',
      { cause: error },
    );
  }
  return error;
}
