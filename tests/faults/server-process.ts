// The server of a schedule as the harness sees it: killed and started at will, and kept for the next
// schedule where it survived.
import { launchServer } from './launch-server.ts';
import type { LaunchedServer } from './launch-server.ts';
import type { FromServer, ServedFolder, ToServer } from './server-messages.ts';

/** Starts in a row that a kill may hit before one comes up. */
const MOST_STARTS = 20;

/** Longer than any back-off of the server's queue. */
export const CLOCK_STEP_MS = 61_000;

/** How full the server's queue is. */
export type QueueDepth = { readonly waiting: number; readonly dead: number };

/** What stays the same for as long as a folder is served. */
export type ServedByLane = Pick<ServedFolder, 'folder' | 'seed' | 'maxQueueDepthEvents'>;

/** Hears what the server's store does. */
export type ServerListener = {
  /** A write is complete that brought so many new events. */
  readonly onNewEvents: (events: number) => void;
  /** A write failed, as it was told to. */
  readonly onFailedWrite: () => void;
};

/** A server that can be killed. */
export type ServerProcess = {
  /** Where it listens; null while it does not. */
  readonly origin: string | null;
  /** Begins to serve a folder with a true clock; resolves once it listens. */
  open(served: ServedByLane, listener: ServerListener): Promise<void>;
  /** SIGKILL; false when it did not listen anyway. */
  kill(): boolean;
  /** Resolves once a server listens, started anew where there is none. */
  ensureUp(): Promise<void>;
  setClock(offsetMs: number): void;
  /** The clock goes on by this much at once. */
  passTime(durationMs: number): void;
  /** The next writes to the store fail, in this process or a next one; null for all, 0 for none. */
  breakStore(writes: number | null): void;
  replayDeadLetters(): void;
  /** Of a server that listens, started anew where there is none. */
  depth(): Promise<QueueDepth>;
  /** Ends its work on the folder in an orderly way; the process stays for the next. */
  close(): Promise<void>;
  /** Ends the process. */
  end(): Promise<void>;
};

/** A server whose process is started on first use; `cacheFolder` is for what Node compiles. */
export function createServerProcess(cacheFolder: string): ServerProcess {
  let launching: Promise<LaunchedServer> | null = null;
  let starting: Promise<void> | null = null;
  let origin: string | null = null;
  let served: ServedByLane = { folder: '', seed: 0, maxQueueDepthEvents: null };
  /** Of this folder. */
  let starts = 0;
  let clockOffsetMs = 0;
  let writesToFail: number | null = 0;
  let listener: ServerListener | null = null;
  /** Two processes never have a folder at the same time. */
  let dead: Promise<unknown> = Promise.resolve();

  function hear(message: FromServer): void {
    if (message.kind === 'written') listener?.onNewEvents(message.newEvents);
    else if (message.kind === 'failed') {
      if (writesToFail) writesToFail -= 1;
      listener?.onFailedWrite();
    }
  }

  async function start(): Promise<void> {
    await dead;
    launching ??= launchServer(hear, cacheFolder);
    const mine = launching;
    const server = await mine;
    const listening = server.next('listening');
    // Each process has other moments, and a schedule the same ones each time.
    const seed = served.seed + starts;
    starts += 1;
    server.tell({ kind: 'open', ...served, seed, clockOffsetMs, writesToFail });
    const heard = await listening;
    // Killed meanwhile, it may still have said so.
    if (launching === mine) origin = heard.origin;
  }

  async function ensureUp(): Promise<void> {
    for (let tries = 0; origin === null; tries += 1) {
      starting ??= start().finally(() => (starting = null));
      try {
        await starting;
      } catch (error) {
        if (tries >= MOST_STARTS) throw error;
      }
    }
  }

  function tell(message: ToServer): void {
    // One that comes up later is told when it is given its folder.
    if (origin !== null) void launching?.then((server) => server.tell(message));
  }

  function kill(): Promise<unknown> {
    origin = null;
    const killed = launching?.then((server) => server.kill()).catch(() => undefined);
    launching = null;
    dead = Promise.all([dead, killed]);
    return dead;
  }

  function setClock(offsetMs: number): void {
    clockOffsetMs = offsetMs;
    tell({ kind: 'set-clock', offsetMs });
  }

  return {
    get origin() {
      return origin;
    },
    async open(nextServed, nextListener) {
      served = nextServed;
      listener = nextListener;
      starts = 0;
      clockOffsetMs = 0;
      writesToFail = 0;
      await ensureUp();
    },
    kill() {
      const isUp = origin !== null;
      void kill();
      return isUp;
    },
    ensureUp,
    setClock,
    passTime: (durationMs) => setClock(clockOffsetMs + durationMs),
    breakStore(writes) {
      writesToFail = writes;
      tell({ kind: 'break-store', writes });
    },
    replayDeadLetters: () => tell({ kind: 'replay-dead-letters' }),
    async depth() {
      for (;;) {
        await ensureUp();
        const asked = launching;
        try {
          const server = await asked!;
          const answer = server.next('depth');
          server.tell({ kind: 'ask-depth' });
          return await answer;
        } catch (error) {
          // Of one that a fault has killed meanwhile, the next is asked.
          if (asked === launching) throw error;
        }
      }
    },
    async close() {
      const server = await launching!;
      const closed = server.next('closed');
      server.tell({ kind: 'close' });
      await closed;
      origin = null;
    },
    async end() {
      await kill();
    },
  };
}
