// Dead letters in Google's cloud: Firestore keeps them, and a replay publishes their events again.
import type { MetricEvent } from '../../src/lib/events/metric-event.ts';
import type { PubSubPublisher } from '../broker/pubsub/publisher.server.ts';
import type { GoogleConfig } from '../google-config.server.ts';
import { StartupError } from '../startup-error.server.ts';
import { createFirestoreDeadLetters } from '../store/firestore/dead-letters.server.ts';
import { openFirestoreClient } from '../store/firestore/firestore-client.server.ts';
import type { OpenDeadLetters } from './open-dead-letters.server.ts';

/** Opens them. Nothing is asked of the cloud yet: what is missing there is told at the first use. */
export function openGoogleDeadLetters(google: GoogleConfig): OpenDeadLetters {
  const client = openFirestoreClient({ google });
  let publisher: PubSubPublisher | undefined;

  /** Only a replay needs Pub/Sub, and the right to publish. */
  async function publish(events: readonly MetricEvent[]): Promise<void> {
    const { createPubSubPublisher } = await import('../broker/pubsub/publisher.server.ts');
    publisher ??= createPubSubPublisher({ google });
    await publisher.publish(events);
  }

  return {
    deadLetters: createFirestoreDeadLetters({ client, publish }),
    explain(error) {
      const reason = error instanceof Error ? error.message : String(error);
      return new StartupError(
        `cannot use the dead letters of the project ${google.project} (${reason}); ` +
          'what was done before stays done, and the rest can be asked for again',
        { cause: error },
      );
    },
    async close() {
      await publisher?.close();
      await client.close();
    },
  };
}
