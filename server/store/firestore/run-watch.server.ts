// Tells of runs that the worker's process has changed: listens to Firestore for those that were changed last.
import type { Firestore, QuerySnapshot, Timestamp } from '@google-cloud/firestore';
import type { Logger } from 'pino';
import type { RunWatch } from '../../roles/parts.server.ts';
import { runsOf } from './collections.server.ts';

/** More runs than change between two looks of a page. Each is held in memory; Firestore listens to no parts of them. */
const WATCHED_RUNS = 100;

/** Waits before Firestore is asked again after it has refused to go on. */
const FIRST_BACK_OFF_MS = 1000;
const BACK_OFF_FACTOR = 2;
const MAX_BACK_OFF_MS = 60_000;

/** What a watch works with; the rest is for tests. */
export type RunWatchOptions = {
  readonly firestore: Firestore;
  readonly logger: Logger;
  readonly firstBackOffMs?: number;
  readonly watchedRuns?: number;
};

/** A watch that can be ended. */
export type FirestoreRunWatch = RunWatch & {
  /** Ends all that were started. */
  stop(): void;
};

/**
 * Creates a watch. What has changed when it starts is not told, and of what changes while Firestore cannot be heard
 * the latest runs are told afterwards, as many as are watched. A connection that breaks is taken up by the library.
 */
export function createRunWatch({
  firestore,
  logger,
  firstBackOffMs = FIRST_BACK_OFF_MS,
  watchedRuns = WATCHED_RUNS,
}: RunWatchOptions): FirestoreRunWatch {
  // Without a clock: whoever was changed last comes first, and two answers tell what has changed between them.
  const query = runsOf(firestore).orderBy('changedAt', 'desc').limit(watchedRuns);
  const stops = new Set<() => void>();

  function start(listener: (runId: string) => void): () => void {
    /** When runs were changed that are known; null before the first answer. */
    let known: ReadonlyMap<string, Timestamp> | null = null;
    let backOffMs = firstBackOffMs;
    let isDeaf = false;
    let release = listen();

    function listen(): () => void {
      return query.onSnapshot(hear, (error) => {
        if (!isDeaf) logger.warn({ err: error }, 'changed runs are not heard of; trying again');
        isDeaf = true;
        const timer = setTimeout(() => (release = listen()), backOffMs);
        release = () => clearTimeout(timer);
        backOffMs = Math.min(backOffMs * BACK_OFF_FACTOR, MAX_BACK_OFF_MS);
      });
    }

    function hear(snapshot: QuerySnapshot): void {
      if (isDeaf) logger.warn('changed runs are heard of again');
      isDeaf = false;
      backOffMs = firstBackOffMs;
      const before = known;
      known = new Map(snapshot.docs.map((run) => [run.id, run.get('changedAt') as Timestamp]));
      if (before === null) return;
      // Oldest change first, as they came.
      for (const [runId, changedAt] of [...known].reverse()) {
        const isSame = before.get(runId)?.isEqual(changedAt) ?? false;
        if (!isSame) listener(runId);
      }
    }

    const stop = () => {
      stops.delete(stop);
      release();
    };
    stops.add(stop);
    return stop;
  }

  return {
    start,
    stop() {
      for (const stop of [...stops]) stop();
    },
  };
}
