// The store in Google's cloud keeps what every store promises.
import { describe } from 'vitest';
import { testStore } from '../fixtures/store-contract.ts';
import { openFirestoreStore } from './open-firestore-store.ts';
import { freshGoogleConfig, hasEmulators } from './use-emulators.ts';

describe.skipIf(!hasEmulators)('Firestore', () => {
  testStore(() => {
    const google = freshGoogleConfig();
    return { open: () => openFirestoreStore(google) };
  });
});
