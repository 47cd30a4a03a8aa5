// A client of Firestore for as long as a part of Kinemark needs one: what is asked, how long it may take, and a
// quiet end.
import { setTimeout as sleep } from 'node:timers/promises';
import { Firestore } from '@google-cloud/firestore';
import type { GoogleConfig } from '../../google-config.server.ts';
import { explainFirestoreError } from './firestore-error.server.ts';

/** For a read that somebody waits for: far longer than one takes, short enough that no proxy gives up before. */
const READ_LIMIT_MS = 15_000;
/** What is under way may end in peace for so long; a service that is stopped has 10 s. */
const CLOSE_LIMIT_MS = 5000;

/** An open client. Its promises reject with what `explainFirestoreError` says. */
export type FirestoreClient = {
  readonly firestore: Firestore;
  /**
   * Waits for an answer that somebody waits for: rejects after 15 s. The library tries for the better part of a
   * minute to reach a Firestore that is not there.
   */
  readonly read: <T>(answer: Promise<T>) => Promise<T>;
  /** Waits for as long as the library tries. */
  readonly write: <T>(answer: Promise<T>) => Promise<T>;
  /** Lets what is under way end, for some seconds. Nothing may be asked afterwards. */
  readonly close: () => Promise<void>;
};

/** What a client needs to know; the rest is for tests. */
export type FirestoreClientOptions = {
  readonly google: GoogleConfig;
  readonly open?: (google: GoogleConfig) => Firestore;
  readonly readLimitMs?: number;
  readonly closeLimitMs?: number;
};

/** Opens a client. Nothing is asked of Firestore yet: what is missing there is told at the first use. */
export function openFirestoreClient({
  google,
  open = openFirestore,
  readLimitMs = READ_LIMIT_MS,
  closeLimitMs = CLOSE_LIMIT_MS,
}: FirestoreClientOptions): FirestoreClient {
  const firestore = open(google);
  const underWay = new Set<Promise<unknown>>();

  async function write<T>(answer: Promise<T>): Promise<T> {
    underWay.add(answer);
    try {
      return await answer;
    } catch (error) {
      throw explainFirestoreError(error, google);
    } finally {
      underWay.delete(answer);
    }
  }

  return {
    firestore,
    write,

    async read(answer) {
      let timer: NodeJS.Timeout | undefined;
      const silence = new Promise<never>((_, reject) => {
        const error = new Error(
          `Firestore does not answer within ${readLimitMs} ms (the database ${google.database} of the project ` +
            `${google.project}); check the network and try again`,
        );
        timer = setTimeout(() => reject(error), readLimitMs);
      });
      try {
        return await Promise.race([write(answer), silence]);
      } finally {
        clearTimeout(timer);
      }
    },

    async close() {
      const ending = new AbortController();
      const settled = Promise.allSettled(underWay);
      await Promise.race([settled, sleep(closeLimitMs, undefined, { signal: ending.signal })]);
      ending.abort();
      // A question that the library repeats when its client is gone fails where nobody can catch it, which ends
      // the process. So that client is left to the process's own end.
      if (underWay.size === 0) await firestore.terminate();
    },
  };
}

function openFirestore({ project, database }: GoogleConfig): Firestore {
  return new Firestore({
    projectId: project,
    databaseId: database,
    // A field that is undefined by mistake is an error, not a field less.
    ignoreUndefinedProperties: false,
    // It would save loading gRPC, which a dashboard needs to listen, and a worker for Pub/Sub.
    preferRest: false,
  });
}
