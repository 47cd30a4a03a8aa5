// What a test of the cloud path begins with: the emulators' addresses where Google's clients look for them, and
// a configuration of its own, so that tests do not meet.
import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import type { GoogleConfig } from '../../server/google-config.server.ts';

const emulators = inject('emulators');
if (emulators !== null) {
  process.env['PUBSUB_EMULATOR_HOST'] = emulators.pubsubHost;
  process.env['FIRESTORE_EMULATOR_HOST'] = emulators.firestoreHost;
  // Else Google's clients look for a server of its cloud, and warn that there is none.
  process.env['METADATA_SERVER_DETECTION'] = 'none';
}

/** Whether the emulators run; tests are skipped where they do not. */
export const hasEmulators = emulators !== null;

/** A project that nobody else uses: the emulators take any. */
export function freshProject(): string {
  return `kinemark-${randomUUID().slice(0, 8)}`;
}

/** The default names in a project of its own. Topics and subscriptions are the test's to create. */
export function freshGoogleConfig(changes: Partial<GoogleConfig> = {}): GoogleConfig {
  return {
    project: freshProject(),
    topic: 'cv-metrics-topic',
    subscription: 'cv-metrics-worker',
    deadLetterTopic: 'cv-metrics-dead-letters',
    deadLetterSubscription: 'cv-metrics-dead-letters-worker',
    push: null,
    database: '(default)',
    ...changes,
  };
}
