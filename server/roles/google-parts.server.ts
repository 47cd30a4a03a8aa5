// The parts of a process in Google's cloud: those of its role's duties. Each is imported when it is opened, so
// that a process does not even load a client that it may not use.
import type { Logger } from 'pino';
import type { GoogleConfig } from '../google-config.server.ts';
import type { DeadLetterWriter } from '../broker/dead-letters.server.ts';
import type { Parts } from './parts.server.ts';
import { dutiesOf, type Role } from './role.server.ts';

/** What has to be known of a process. */
export type GooglePartsOptions = {
  readonly role: Role;
  readonly google: GoogleConfig;
  readonly logger: Logger;
};

/** Opens them. Nothing is asked of the cloud yet: what is missing there is told at its first use. */
export async function openGoogleParts({
  role,
  google,
  logger,
}: GooglePartsOptions): Promise<Parts> {
  const duties = new Set(dutiesOf[role]);
  const publishing = duties.has('publish') ? await openPublisher(google) : null;
  const writing = duties.has('write') ? await openWriter(google) : null;
  const reading = duties.has('read') ? await openReader(google, logger) : null;
  const consuming =
    duties.has('consume') && writing
      ? await openConsumer(google, writing.deadLetterWriter, logger)
      : null;
  return {
    publisher: publishing,
    consumer: consuming,
    pushReceiver: consuming?.pushReceiver ?? null,
    writer: writing,
    reader: reading,
    deadLetters: reading?.deadLetters ?? null,
    watch: reading?.watch ?? null,
    async close() {
      await consuming?.close();
      await publishing?.close();
      await Promise.all([writing?.close(), reading?.close()]);
    },
  };
}

async function openPublisher(google: GoogleConfig) {
  const { createPubSubPublisher } = await import('../broker/pubsub/publisher.server.ts');
  return createPubSubPublisher({ google });
}

async function openConsumer(
  google: GoogleConfig,
  deadLetterWriter: DeadLetterWriter,
  logger: Logger,
) {
  const { createPubSubConsumer } = await import('../broker/pubsub/consumer.server.ts');
  return createPubSubConsumer({ google, deadLetterWriter, logger });
}

async function openWriter(google: GoogleConfig) {
  const { createFirestoreWriter } = await import('../store/firestore/writer.server.ts');
  return createFirestoreWriter({ google });
}

async function openReader(google: GoogleConfig, logger: Logger) {
  const { createFirestoreReader } = await import('../store/firestore/reader.server.ts');
  return createFirestoreReader({ google, logger });
}
