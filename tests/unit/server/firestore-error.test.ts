// What is said of errors that only a person can mend. Those of the emulator are in tests/cloud/firestore-refusals.test.ts.
import { expect, test } from 'vitest';
import { explainFirestoreError } from '../../../server/store/firestore/firestore-error.server.ts';

const place = { project: 'kinemark-test', database: 'metrics' };
const google = {
  ...place,
  topic: 't',
  subscription: 's',
  deadLetterTopic: 'd',
  deadLetterSubscription: 'e',
  push: null,
};
const coded = (code: number, message: string) => Object.assign(new Error(message), { code });

test.each([
  [
    coded(5, '5 NOT_FOUND: no such database'),
    'Firestore has no database metrics in the project kinemark-test (5 NOT_FOUND: no such database); ' +
      'create it, or set FIRESTORE_DATABASE to the id of one that is there',
  ],
  [
    coded(7, '7 PERMISSION_DENIED: no'),
    'Firestore does not let this account use the database metrics of the project kinemark-test ' +
      '(7 PERMISSION_DENIED: no); give it roles/datastore.user to write or roles/datastore.viewer to read, ' +
      'or set FIRESTORE_DATABASE to another',
  ],
  [
    new Error('Could not load the default credentials. Browse to the documentation.'),
    'Firestore does not know which account asks for the database metrics of the project kinemark-test ' +
      '(Could not load the default credentials. Browse to the documentation.); run this with a service account, ' +
      'or sign in with gcloud auth application-default login',
  ],
  [
    coded(16, '16 UNAUTHENTICATED: expired'),
    expect.stringContaining('does not know which account asks for the database metrics'),
  ],
])('%s is a sentence', (error, sentence) => {
  const explained = explainFirestoreError(error, google);
  expect(explained).toMatchObject({ message: sentence, cause: error });
});

test.each([coded(14, '14 UNAVAILABLE'), new Error('No rule to store'), 'text'])(
  'others stay as they are: %s',
  (error) => {
    expect(explainFirestoreError(error, google)).toBe(error);
  },
);
