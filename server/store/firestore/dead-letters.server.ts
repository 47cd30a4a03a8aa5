// Dead letters in Firestore, with what a person may do to them: publish their events again, or forget them.
import type { DocumentSnapshot } from '@google-cloud/firestore';
import type {
  DeadLetterChange,
  DeadLetterChoice,
  DeadLetters,
} from '../../broker/dead-letters.server.ts';
import type { MetricEvent } from '../../../src/lib/events/metric-event.ts';
import { deadLettersOf } from './collections.server.ts';
import {
  isDeadLetterId,
  toDeadLetter,
  type DeadLetterDocument,
} from './dead-letter-document.server.ts';
import { createDeadLetterReader } from './dead-letter-reader.server.ts';
import type { FirestoreClient } from './firestore-client.server.ts';
import { codeOf } from './firestore-error.server.ts';

/** Letters at a time: of 400 KB each at most, so that they fit into memory and into one answer. */
const LETTERS_AT_ONCE = 50;

/** gRPC's codes for a document that is gone, or is another one by now. */
const NOT_FOUND = 5;
const FAILED_PRECONDITION = 9;

/** What dead letters work with. */
export type FirestoreDeadLettersOptions = {
  readonly client: FirestoreClient;
  /** Resolves when the events are durable in the queue again. */
  readonly publish: (events: readonly MetricEvent[]) => Promise<void>;
};

/** Which letter, and what orders it. */
type Chosen = { readonly id: string } & Pick<
  DeadLetterDocument,
  'diedAt' | 'publishedAt' | 'eventId'
>;

const ORDER_FIELDS = ['diedAt', 'publishedAt', 'eventId'] as const;

/**
 * Letters are changed in steps, the oldest first: where one fails, `replay` and `drop` reject, those before it are
 * done, and asking for the rest again does the rest.
 */
export function createFirestoreDeadLetters({
  client,
  publish,
}: FirestoreDeadLettersOptions): DeadLetters {
  const { firestore, write } = client;
  const letters = deadLettersOf(firestore);

  async function find(choice: DeadLetterChoice): Promise<readonly (Chosen | string)[]> {
    if (choice === 'all') {
      return (await write(letters.select(...ORDER_FIELDS).get())).docs.map(toChosen);
    }
    const ids = [...new Set(choice)];
    const possible = ids.filter(isDeadLetterId).map((id) => letters.doc(id));
    if (possible.length === 0) return ids;
    const found = await write(firestore.getAll(...possible, { fieldMask: [...ORDER_FIELDS] }));
    const byId = new Map(found.filter(({ exists }) => exists).map((it) => [it.id, toChosen(it)]));
    return ids.map((id) => byId.get(id) ?? id);
  }

  async function change(
    choice: DeadLetterChoice,
    act: (batch: readonly DocumentSnapshot[]) => Promise<void>,
  ): Promise<DeadLetterChange> {
    const found = await find(choice);
    const unknownIds = found.filter((it) => typeof it === 'string');
    if (unknownIds.length > 0) return { changed: 0, unknownIds };
    const chosen = found.filter((it) => typeof it !== 'string').sort(byAge);
    let changed = 0;
    for (let start = 0; start < chosen.length; start += LETTERS_AT_ONCE) {
      const ids = chosen.slice(start, start + LETTERS_AT_ONCE).map(({ id }) => id);
      const snapshots = await write(firestore.getAll(...ids.map((id) => letters.doc(id))));
      const batch = snapshots.filter(({ exists }) => exists); // Someone else may be at it too.
      await act(batch);
      await write(Promise.all(batch.map(remove)));
      changed += batch.length;
    }
    return { changed, unknownIds };
  }

  /** Forgets a letter as it was read: one that was put in its place meanwhile stays. */
  async function remove({ ref, updateTime }: DocumentSnapshot): Promise<void> {
    try {
      await ref.delete(updateTime === undefined ? {} : { lastUpdateTime: updateTime });
    } catch (error) {
      const code = codeOf(error);
      if (code !== NOT_FOUND && code !== FAILED_PRECONDITION) throw error;
    }
  }

  return {
    ...createDeadLetterReader(client),
    // What the queue says of its own errors stays as it is.
    replay: (choice) => change(choice, (batch) => publish(batch.map(toEvent))),
    drop: (choice) => change(choice, async () => {}),
  };
}

function toChosen(snapshot: DocumentSnapshot): Chosen {
  return { id: snapshot.id, ...(snapshot.data() as Omit<Chosen, 'id'>) };
}

function toEvent(snapshot: DocumentSnapshot): MetricEvent {
  return toDeadLetter(snapshot.id, snapshot.data() as DeadLetterDocument).event;
}

/** Oldest first; those of one moment in the order of their run, which a batch dies in. */
function byAge(a: Chosen, b: Chosen): number {
  return (
    compareText(a.diedAt, b.diedAt) ||
    compareText(a.publishedAt, b.publishedAt) ||
    sequence(a) - sequence(b)
  );
}

function sequence({ eventId }: Chosen): number {
  return Number(eventId.slice(eventId.indexOf('/') + 1));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
