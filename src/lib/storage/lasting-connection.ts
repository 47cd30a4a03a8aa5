// One connection to the database for as long as a page lives: opened again when the browser ends it, given
// up when a newer version of Kinemark needs the database. Knows no schema.
import type { OpenDBCallbacks } from 'idb';
import type { Database, KinemarkDatabase } from './database.ts';

/** What whoever opens the database may want to know or to delay. */
export type ConnectionWatch = {
  /** Awaited before the connection gives way to a newer version in another tab, so that a run can end. */
  readonly beforeYield?: () => Promise<void>;
  /** The connection gave way: nothing can be stored from this page until it is loaded anew. */
  readonly onSuperseded?: () => void;
  /** Another tab holds an earlier version open: opening waits for it. */
  readonly onBlocked?: () => void;
};

type Callbacks = Pick<OpenDBCallbacks<KinemarkDatabase>, 'blocked' | 'blocking' | 'terminated'>;

const TOO_OLD =
  'A newer version of Kinemark has been opened in this browser, and this page cannot read what it stored. Load the page anew.';

/**
 * A database whose calls go to the connection of the moment. A call made while there is none fails with an
 * `InvalidStateError`, and opens it again for the next.
 */
export async function createLastingConnection(
  connect: (callbacks: Callbacks) => Promise<Database>,
  watch: ConnectionWatch,
): Promise<Database> {
  /** Given up for good: closed by this page, or in favour of a newer version. */
  let isOver = false;
  let isLost = false;
  let reopening: Promise<void> | null = null;

  const callbacks: Callbacks = {
    blocked: () => watch.onBlocked?.(),
    blocking(_current, wanted, event) {
      const connection = event.target as IDBDatabase;
      void giveWay(connection, wanted !== null);
    },
    terminated() {
      isLost = true;
      reopen();
    },
  };

  async function giveWay(connection: IDBDatabase, isForNewerVersion: boolean): Promise<void> {
    // What is deleted can be made anew by the next call; what is migrated is beyond this version.
    if (isForNewerVersion) await watch.beforeYield?.();
    connection.close();
    isOver ||= isForNewerVersion;
    isLost = true;
    if (isForNewerVersion) watch.onSuperseded?.();
  }

  function reopen(): void {
    if (isOver) return;
    reopening ??= connect(callbacks)
      .then((connection) => {
        current = connection;
        isLost = false;
        // It was closed while it was being opened.
        if (isOver) connection.close();
      })
      // The next call tries again.
      .catch((cause: unknown) => console.warn('The database cannot be opened again.', cause))
      .finally(() => (reopening = null));
  }

  let current = await connect(callbacks).catch((cause: unknown) => {
    const isTooOld = cause instanceof DOMException && cause.name === 'VersionError';
    throw isTooOld ? new Error(TOO_OLD, { cause }) : cause;
  });

  return new Proxy(current, {
    get(_first, property) {
      if (property === 'close') isOver = true;
      if (isLost) reopen();
      const value: unknown = Reflect.get(current, property);
      return typeof value === 'function' ? (value.bind(current) as unknown) : value;
    },
  });
}
