// Empties the outbox into the server: oldest first, some batches side by side, again after a failure.
// Decides when something is sent; deliver-batch.ts decides what becomes of a batch, pace.ts how long to wait.
import { createAlarm } from './alarm.ts';
import { deliverBatch } from './deliver-batch.ts';
import { createDeliveryStatus } from './delivery-status.ts';
import { createInFlight } from './in-flight.ts';
import type { EntryBatch } from './in-flight.ts';
import type { MetricEvent } from './metric-event.ts';
import { createObstacles } from './obstacles.ts';
import type { Obstacle } from './obstacles.ts';
import type { Outbox } from './outbox.ts';
import { MAX_BATCHES_IN_FLIGHT, createPace } from './pace.ts';
import type { BackOff } from './pace.ts';
import { MAX_BATCH_EVENTS } from './parse-batch.ts';
import { createPatientOutbox } from './patient-outbox.ts';
import { reasonOf } from './reason-of.ts';
import type { SendOutcome } from './send-batch.ts';

/** The name of the lock (Web Locks) under which the tabs and workers of one device send in turn. */
export const UPLOAD_LOCK = 'kinemark-upload';

const DEFAULT_BACK_OFF: BackOff = { firstMs: 500, longestMs: 60_000 };
/** What all keepalive requests of a page may carry together is 64 KiB (Fetch, 5.5); as JSON, not packed. */
const MAX_LEAVE_BYTES = 60_000;

/** What an uploader is doing. Reasons complete "because …". */
export type DeliveryState =
  /** Nothing is left to send. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'sending' }
  /** Another tab or worker sends. */
  | { readonly kind: 'elsewhere' }
  /** A try has failed; the next one is at `retryAtMs`, on the uploader's clock. */
  | { readonly kind: 'waiting'; readonly reason: string; readonly retryAtMs: number }
  /** The server wants another token: nothing is sent until `resume()`. */
  | { readonly kind: 'unauthorised'; readonly reason: string }
  /** The outbox cannot be read, or does not set aside what was refused. It is tried again later. */
  | { readonly kind: 'broken'; readonly reason: string };

/** What an uploader works with. */
export type UploaderOptions = {
  readonly outbox: Outbox;
  /** `signal` is aborted by `stop()`. */
  readonly send: (
    events: readonly MetricEvent[],
    options: { readonly keepalive: boolean; readonly signal: AbortSignal },
  ) => Promise<SendOutcome>;
  /**
   * Runs `work` while nobody else uploads on this device: in a browser under the Web Lock UPLOAD_LOCK.
   * While another does, either calls `onWait`, without which `flush()` would wait too, and waits until
   * `signal` is aborted, or resolves without having run it: the next `flush()` asks again.
   */
  readonly exclusively: (
    work: () => Promise<void>,
    options: { readonly onWait: () => void; readonly signal: AbortSignal },
  ) => Promise<void>;
  /** Uniform in [0, 1), for the jitter. */
  readonly random?: () => number;
  /** In ms, from any start. Monotonic: the wall clock jumps. */
  readonly now?: () => number;
  readonly backOff?: BackOff;
};

/** Sends what waits in the outbox. No method rejects; after `stop()` none does anything. */
export type Uploader = {
  /**
   * Sends all that waits. Resolves when nothing is left, or when this uploader rests for another reason:
   * it waits for its next try or for another tab, or needs a token. Does not cut a wait short.
   */
  flush(): Promise<void>;
  /** There is a new token or the user asks: forgets all failures and flushes. */
  resume(): Promise<void>;
  /** The network is back: as `resume()`, but a server that asked for quiet or a token is left alone. */
  wake(): Promise<void>;
  /**
   * The page is being hidden, perhaps for good: sends one small batch that outlives it, without waiting
   * for other tabs. Nothing of a run that is in flight here. Resolves when it was answered.
   */
  leave(): Promise<void>;
  readonly state: DeliveryState;
  /** Calls `listener` at once and at each change; returns the function that ends it. */
  subscribe(listener: (state: DeliveryState) => void): () => void;
  /** Ends it for good: requests are given up, no timer is left. What was not sent stays in the outbox. */
  stop(): void;
};

/** An uploader that works when `flush` is called. */
export function createUploader(options: UploaderOptions): Uploader {
  const { send, exclusively, random = Math.random } = options;
  const { now = () => performance.now(), backOff = DEFAULT_BACK_OFF } = options;
  const outbox = createPatientOutbox(options.outbox);
  const pace = createPace(backOff, random);
  const obstacles = createObstacles(now);
  const inFlight = createInFlight(outbox);
  const status = createDeliveryStatus();
  /** Rung at whatever may let a pass go on. */
  const change = createAlarm();
  /** Rung when the wait for the next try is over before its time. */
  const pause = createAlarm();
  const stopping = new AbortController();
  const { signal } = stopping;

  /** The outbox may hold what nobody has looked at. */
  let isStale = false;
  let isDriving = false;
  /** Calls of `resume`, so that a batch can tell whether there was one while it was under way. */
  let resumptions = 0;
  let leaving: Promise<void> | null = null;

  function meetFailure(cause: unknown): void {
    obstacles.meet({ kind: 'broken', reason: reasonOf(cause) });
  }

  function meetUnplaced(cause: unknown): void {
    const reason = `what the server refused cannot be set aside (${reasonOf(cause)})`;
    obstacles.meet({ kind: 'broken', reason });
  }

  /** Runs until nothing is left or only others can help. */
  async function drive(): Promise<void> {
    isDriving = true;
    let reached: DeliveryState | null = null;
    while (!reached && !signal.aborted) {
      const { worst } = obstacles;
      if (worst?.kind === 'unauthorised') reached = worst;
      // Without the lock: another tab may be able to read what this one cannot.
      else if (worst?.kind === 'broken') await waitForNextTry(worst);
      else if (!isStale) reached = { kind: 'idle' };
      else if (!(await passAlone())) reached = { kind: 'elsewhere' };
    }
    if (!reached || signal.aborted) return;
    // First: who is told of the rest may call flush() or resume(), which drive again.
    isDriving = false;
    status.rest(reached);
  }

  /** False when another uploads and it was not waited for. */
  async function passAlone(): Promise<boolean> {
    let isDone = false;
    const onWait = () => {
      if (!signal.aborted) status.rest({ kind: 'elsewhere' });
    };
    const work = () => {
      isDone = true;
      return pass();
    };
    try {
      await exclusively(work, { onWait, signal });
      return isDone;
    } catch (cause) {
      meetFailure(cause);
      return true;
    }
  }

  /** While nobody else uploads: sends until nothing is left or something is in the way that waiting does not lift. */
  async function pass(): Promise<void> {
    if (status.isAtRest && !signal.aborted) status.enter({ kind: 'idle' });
    while (!signal.aborted) {
      if (obstacles.worst) {
        while (obstacles.worst && inFlight.size > 0 && !signal.aborted) await change.sleep(null);
        if (obstacles.worst?.kind === 'retry') await waitForNextTry(obstacles.worst);
        else if (obstacles.worst) return;
      } else {
        isStale = false;
        await startBatches().catch(meetFailure);
        if (isStale || obstacles.worst || signal.aborted) continue;
        if (inFlight.size > 0) await change.sleep(null);
        else if (outbox.unplaced === 0) return;
        // Last, so that it holds nothing up.
        else await outbox.place().catch(meetUnplaced);
      }
    }
  }

  async function startBatches(): Promise<void> {
    const entries = await inFlight.peek();
    if (signal.aborted || obstacles.worst) return;
    const batches = inFlight.form(entries, {
      maxBatches: pace.maxBatches - inFlight.size,
      maxBytes: pace.maxBytes,
      oversize: 'alone',
    });
    if (batches.length === 0) return;
    status.enter({ kind: 'sending' });
    for (const batch of batches) void carry(batch, false);
    // There may be more behind these.
    if (entries.length === MAX_BATCH_EVENTS) isStale = true;
  }

  async function waitForNextTry(obstacle: Obstacle): Promise<void> {
    if (signal.aborted) return;
    const { kind, reason } = obstacle;
    const waitMs = obstacles.quietMs + pace.fail(obstacle.kind === 'retry' && obstacle.isLasting);
    obstacles.overcome();
    // Asleep before anybody is told: who is told may call resume().
    const woken = pause.sleep(waitMs);
    if (kind === 'broken') status.rest({ kind, reason });
    else status.rest({ kind: 'waiting', reason, retryAtMs: now() + waitMs });
    await woken;
    if (signal.aborted) return;
    isStale = true;
    status.enter({ kind: 'sending' });
  }

  async function carry(batch: EntryBatch, keepalive: boolean): Promise<void> {
    const resumption = resumptions;
    let isDelivered = false;
    inFlight.add(batch);
    try {
      const delivery = await deliverBatch(batch, {
        outbox,
        send: (events) => send(events, { keepalive, signal }),
        mayGoOn: () => !keepalive && !obstacles.worst && !signal.aborted,
        onAccepted: () => pace.succeed(),
      });
      isDelivered = delivery.kind === 'done';
      if (delivery.kind === 'retry') {
        obstacles.keepQuiet(delivery.afterMs ?? 0);
        // The last batch of a page puts nothing off: without it there would have been no failure.
        if (!keepalive) obstacles.meet({ isLasting: false, ...delivery });
      }
      // A token that was replaced meanwhile is no obstacle.
      if (delivery.kind === 'unauthorised' && resumption === resumptions) obstacles.meet(delivery);
    } catch (cause) {
      meetFailure(cause);
    }
    inFlight.end(batch, isDelivered);
    isStale = true;
    change.ring();
  }

  function mayLeave(): boolean {
    const isQuiet = obstacles.quietMs > 0 || obstacles.worst?.kind === 'unauthorised';
    return !isQuiet && !signal.aborted && inFlight.size < MAX_BATCHES_IN_FLIGHT;
  }

  async function carryLast(): Promise<void> {
    if (!mayLeave()) return;
    // Storage that fails is for a pass to tell.
    const entries = await inFlight.peek().catch(() => []);
    if (!mayLeave()) return;
    const [batch] = inFlight.form(entries, {
      maxBatches: 1,
      maxBytes: MAX_LEAVE_BYTES,
      oversize: 'stays',
    });
    if (batch) await carry(batch, true);
  }

  function flush(): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    isStale = true;
    change.ring();
    if (isDriving && status.isAtRest) return Promise.resolve();
    const rested = status.untilRest();
    if (!isDriving) void drive();
    return rested;
  }

  function goOn(): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    pace.forget();
    // Another tab that sends is none of what is forgotten.
    if (status.isAtRest && status.state.kind !== 'elsewhere') status.enter({ kind: 'idle' });
    pause.ring();
    return flush();
  }

  return {
    flush,
    resume() {
      resumptions += 1;
      obstacles.forget();
      return goOn();
    },
    wake() {
      if (obstacles.quietMs > 0 || obstacles.worst?.kind === 'unauthorised') return flush();
      obstacles.overcome();
      return goOn();
    },
    leave() {
      leaving ??= carryLast().finally(() => (leaving = null));
      return leaving;
    },
    get state() {
      return status.state;
    },
    subscribe: (listener) => status.subscribe(listener),
    stop() {
      stopping.abort();
      change.ring();
      pause.ring();
      status.rest({ kind: 'idle' });
    },
  };
}
