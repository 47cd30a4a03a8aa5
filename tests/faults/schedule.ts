// What a schedule is: the runs that devices make and the faults that hit them, as data. A seed makes one
// (make-schedule.ts), run-schedule.ts carries it out, and a failing one is printed as it stands here.

/** A run to be simulated: its figures come from its seed (simulated-run.ts). */
export type PlannedRun = {
  /** A UUID. */
  readonly runId: string;
  readonly seed: number;
  /** Windows of the whole run. */
  readonly windows: number;
  /** Frames of one window at most; 1440 latencies are some 9 KB of JSON. */
  readonly framesPerWindow: number;
  /** Index of a window that the server's schema refuses; null for none. */
  readonly poisonedWindow: number | null;
};

/** The value of the header, null for none; `next second` is the HTTP date of the next second. */
export type RetryAfter = '0' | '1' | 'Wed, 21 Oct 2015 07:28:00 GMT' | 'next second' | null;

/** What happens to one request for ingest between device and server. */
export type RequestFault =
  | { readonly kind: 'none' }
  /** The connection ends before the server sees anything. */
  | { readonly kind: 'lose-request' }
  /** The connection ends in the middle of the body, on both sides. */
  | { readonly kind: 'tear-request' }
  /** The server has answered, and the device does not hear of it. */
  | { readonly kind: 'lose-answer' }
  /** The answer's body ends early. */
  | { readonly kind: 'tear-answer' }
  /** The server gets it twice at the same time. */
  | { readonly kind: 'duplicate' }
  /** The device is cut off, and the request arrives all the same, later: after its own repetition. */
  | { readonly kind: 'late-copy'; readonly delayMs: number }
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** The server has answered, the connection stays open, and nothing comes: the device must give up by itself. */
  | { readonly kind: 'hang' }
  /** A gateway answers in the server's place. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter: RetryAfter }
  /** The server has committed, and a gateway answers with an error. */
  | { readonly kind: 'status-after-commit'; readonly status: number }
  /** SIGKILL while the server works on the request. */
  | { readonly kind: 'kill-during'; readonly delayMs: number }
  /** SIGKILL after the server's answer, while its worker stores the events. */
  | { readonly kind: 'kill-after'; readonly delayMs: number };

/**
 * How a tab ends. `close` lets the page hide first, `reload` opens it again, `crash` ends the whole renderer
 * at once.
 */
export type TabEnd = 'close' | 'reload' | 'crash';

/** Tabs and runs are numbered from 0. A step does not wait for what it starts, unless it says so. */
export type Step =
  /**
   * `roomBytes` is how much can be stored beside what is; null for as much as the disk holds. Chromium asks for
   * it when a tab is the first to use the database, and then rarely, so it is set before.
   */
  | { readonly do: 'open'; readonly tab: number; readonly roomBytes: number | null }
  | { readonly do: 'start'; readonly tab: number; readonly run: number }
  | {
      readonly do: 'record';
      readonly tab: number;
      readonly run: number;
      readonly windows: number;
    }
  | { readonly do: 'finish'; readonly tab: number; readonly run: number }
  | { readonly do: 'end-tab'; readonly tab: number; readonly how: TabEnd }
  /** SIGKILL for all of its processes, and the browser again with the same profile. */
  | { readonly do: 'kill-browser' }
  /** What a page does when it is hidden. */
  | { readonly do: 'hide'; readonly tab: number }
  | { readonly do: 'network'; readonly tab: number; readonly isOnline: boolean }
  /** Signed out, every request is answered with 401. */
  | { readonly do: 'sign-in'; readonly isSignedIn: boolean }
  | { readonly do: 'kill-server' }
  | { readonly do: 'start-server' }
  | { readonly do: 'set-page-clock'; readonly tab: number; readonly offsetMs: number }
  | { readonly do: 'set-server-clock'; readonly offsetMs: number }
  /** Somebody frees space. */
  | { readonly do: 'make-room'; readonly tab: number }
  /** The next writes to the server's store fail, whichever process they are in; null for all until recovery. */
  | { readonly do: 'break-store'; readonly writes: number | null }
  /** The server's clock goes on by as much as its longest back-off. */
  | { readonly do: 'pass-server-time' }
  /** Waits. */
  | { readonly do: 'pause'; readonly durationMs: number };

/** Everything that happens, in order, until recovery begins. */
export type Schedule = {
  readonly seed: number;
  readonly runs: readonly PlannedRun[];
  readonly steps: readonly Step[];
  /** Of the first requests that find a server, in the order of their arrival; those that follow pass. */
  readonly requestFaults: readonly RequestFault[];
  /** Events that may wait in the server's queue before it puts off what comes; null for the usual limit. */
  readonly maxQueueDepthEvents: number | null;
  /** Whether tabs that are still open stay so while another one recovers what is left. */
  readonly keepsTabs: boolean;
};
