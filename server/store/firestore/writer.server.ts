// The worker's part of the store in Google's cloud. What one transaction does is in write-run.server.ts.
import type { MetricEvent } from '../../../src/lib/events/metric-event.ts';
import type { DeadLetterWriter } from '../../broker/dead-letters.server.ts';
import type { StoreWriter, WriteResult } from '../store.server.ts';
import type { Written } from './apply-events.server.ts';
import { createDeadLetterWriter } from './dead-letter-writer.server.ts';
import { cutByRun, type EventPart } from './event-parts.server.ts';
import { openFirestoreClient, type FirestoreClientOptions } from './firestore-client.server.ts';
import { writeDevices } from './write-devices.server.ts';
import { writeRun } from './write-run.server.ts';

/** Transactions at once: a transaction mostly waits, and one connection bears 100 requests. */
const RUNS_AT_ONCE = 32;

/** Writes with a client of its own. */
export type FirestoreWriter = StoreWriter & {
  readonly deadLetterWriter: DeadLetterWriter;
  /** Nothing may be called afterwards. */
  close(): Promise<void>;
};

/** Opens a writer. Nothing is asked of Firestore yet: what is missing there is told at the first write. */
export function createFirestoreWriter(options: FirestoreClientOptions): FirestoreWriter {
  const client = openFirestoreClient(options);
  const { firestore, write } = client;

  /** Part by part: each one's transaction needs what the one before has written. */
  async function writeParts(parts: readonly EventPart[], outcomes: Written[]): Promise<void> {
    for (const { events, positions } of parts) {
      const ofPart = await write(writeRun(firestore, events[0].subject, events));
      for (const [index, position] of positions.entries()) {
        const outcome = ofPart[index];
        if (outcome !== undefined) outcomes[position] = outcome;
      }
    }
  }

  return {
    async write(events) {
      const outcomes: Written[] = [];
      const runs = cutByRun(events).values();
      const failures: unknown[] = [];
      // A run that fails takes no other one with it.
      const writeNextRuns = async () => {
        for (const parts of runs) {
          await writeParts(parts, outcomes).catch((error: unknown) => failures.push(error));
        }
      };
      const devices = write(writeDevices(firestore, events)).catch((error: unknown) =>
        failures.push(error),
      );
      await Promise.all([devices, ...Array.from({ length: RUNS_AT_ONCE }, writeNextRuns)]);
      if (failures.length > 0) throw failures[0];
      return toResult(events, outcomes);
    },

    deadLetterWriter: createDeadLetterWriter(client),

    close: () => client.close(),
  };
}

function toResult(events: readonly MetricEvent[], outcomes: readonly Written[]): WriteResult {
  const added = events.filter((_, position) => outcomes[position] === 'new');
  return {
    newEvents: added.length,
    changedRunIds: [...new Set(added.map(({ subject }) => subject))],
    conflictingIds: events
      .filter((_, position) => outcomes[position] === 'conflicting')
      .map(({ id }) => id),
  };
}
