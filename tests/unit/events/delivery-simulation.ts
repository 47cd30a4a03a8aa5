// A device with tabs, an outbox that fails at times, a network that loses, delays and repeats, and a server
// that refuses what is faulty: all of it drawn from a seed, on a fake clock.
import type { MetricEvent } from '../../../src/lib/events/metric-event.ts';
import { MAX_BATCH_BYTES, MAX_BATCH_EVENTS } from '../../../src/lib/events/parse-batch.ts';
import type { EventRefusal, SendOutcome } from '../../../src/lib/events/send-batch.ts';
import { createUploader } from '../../../src/lib/events/uploader.ts';
import type { Uploader, UploaderOptions } from '../../../src/lib/events/uploader.ts';
import { createSeededRandom } from '../../../src/lib/metrics/seeded-random.ts';
import { MemoryOutbox } from './memory-outbox.ts';
import { accepted, eventOf, retry, tooLarge, unauthorised } from './sent-batches.ts';
import { createTabLock } from './tab-lock.ts';
import type { createVirtualClock } from './virtual-clock.ts';

const STORM_MS = 20_000;
/** Longer than every wait of the uploaders here, and than all batches one after another. */
const CALM_MS = 600_000;
const BACK_OFF = { firstMs: 100, longestMs: 2000 };
/** Browsers refuse more of requests that outlive their page. */
const MAX_KEEPALIVE_BYTES = 64 * 1024;

type Send = UploaderOptions['send'];
type Tab = { readonly uploader: Uploader; readonly close: () => void };

/** What came of it. */
export type Simulated = {
  /** Every event that was written, in the order of its run. */
  readonly written: readonly MetricEvent[];
  /** Ids as the server took them, each once. */
  readonly taken: readonly string[];
  readonly setAside: readonly string[];
  /** Ids that no server would take. */
  readonly faulty: ReadonlySet<string>;
  readonly waiting: readonly string[];
  /** What an uploader must never do, in sentences. */
  readonly complaints: readonly string[];
  /** How much happened, so that a test can tell that something did. */
  readonly counts: Readonly<Record<string, number>>;
};

/** Runs the simulation of a seed on a clock whose timers are the global ones. */
export async function simulateDelivery(
  seed: number,
  clock: ReturnType<typeof createVirtualClock>,
): Promise<Simulated> {
  const random = createSeededRandom(seed);
  const chance = (probability: number) => random() < probability;
  const upTo = (limit: number) => Math.floor(random() * limit);
  const sleep = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));

  const written: MetricEvent[] = [];
  const faulty = new Set<string>();
  const taken = new Set<string>();
  const complaints: string[] = [];
  const counts: Record<string, number> = {};
  const outbox = new MemoryOutbox();
  const lock = createTabLock();
  const tabs: Tab[] = [];
  let isStorm = true;
  let hasToken = true;
  const namesFaults = chance(0.5);
  const maxEvents = chance(0.3) ? 1 + upTo(20) : MAX_BATCH_EVENTS;
  const trouble = random() * 0.6;
  const largestBytes = chance(0.05) ? 300_000 : 0;

  function count(what: string): void {
    counts[what] = (counts[what] ?? 0) + 1;
  }

  /** What the server says to a batch that has reached it. */
  function judge(events: readonly MetricEvent[]): SendOutcome {
    if (!hasToken) return unauthorised;
    if (events.length > maxEvents) return tooLarge;
    const faults = events.flatMap(({ id }, index): EventRefusal[] =>
      faulty.has(id) ? [{ index, message: 'is faulty' }] : [],
    );
    if (faults.length > 0) {
      return {
        kind: 'rejected',
        reason: 'HTTP 400',
        faults: namesFaults ? faults.slice(0, 2) : [],
      };
    }
    for (const { id } of events) taken.add(id);
    return accepted;
  }

  /** A request: lost on its way, answered too late or never, refused for no fault of its own, or judged. */
  async function travel(events: readonly MetricEvent[]): Promise<SendOutcome> {
    await sleep(upTo(200));
    if (isStorm && chance(trouble)) {
      const fate = upTo(5);
      if (fate === 0) count('lost');
      // It arrives after the sender has given it up, perhaps behind what was sent later.
      if (fate === 1) void sleep(upTo(3000)).then(() => count(judge(events).kind));
      if (fate === 2) judge(events);
      if (fate === 3) return { ...retry(), isLasting: true } as SendOutcome;
      return retry(fate === 4 ? upTo(1500) : null);
    }
    const outcome = judge(events);
    await sleep(upTo(200));
    count(outcome.kind);
    return outcome;
  }

  function openTab(): Tab {
    const inFlight = new Set<readonly MetricEvent[]>();
    let isClosed = false;
    const send: Send = async (events, { keepalive, signal }) => {
      checkBatch(events, keepalive);
      if (isClosed) complaints.push('A closed tab sent something.');
      const runs = new Set([...inFlight].flat().map(({ subject }) => subject));
      if (events.some(({ subject }) => runs.has(subject))) {
        complaints.push('A run was in two batches under way.');
      }
      if (uploader.state.kind === 'unauthorised') complaints.push('Sent without a token.');
      inFlight.add(events);
      if (inFlight.size > 5) complaints.push('More than five batches were under way.');
      counts['in flight'] = Math.max(counts['in flight'] ?? 0, inFlight.size);
      const cut = new Promise<SendOutcome>((resolve) =>
        signal.addEventListener('abort', () => resolve(retry())),
      );
      const outcome = await Promise.race([travel(events), cut]);
      inFlight.delete(events);
      return outcome;
    };
    const uploader = createUploader({
      outbox,
      send,
      exclusively: lock.exclusively,
      random,
      now: clock.now,
      backOff: BACK_OFF,
    });
    const close = () => {
      isClosed = true;
      uploader.stop();
    };
    return { uploader, close };
  }

  function checkBatch(events: readonly MetricEvent[], keepalive: boolean): void {
    const bytes = JSON.stringify(events).length;
    if (events.length === 0) complaints.push('A batch was empty.');
    if (events.length > MAX_BATCH_EVENTS) complaints.push(`A batch had ${events.length} events.`);
    if (bytes > MAX_BATCH_BYTES && events.length > 1)
      complaints.push(`A batch had ${bytes} bytes.`);
    if (keepalive && bytes > MAX_KEEPALIVE_BYTES) complaints.push(`Left with ${bytes} bytes.`);
    if (keepalive) count('left');
  }

  function someTab(): Uploader | undefined {
    return tabs[upTo(tabs.length)]?.uploader;
  }

  /** One run, recorded while everything else happens. */
  async function record(run: number): Promise<void> {
    const length = 1 + upTo(30);
    await sleep(upTo(STORM_MS / 2));
    for (let index = 0; index < length; index += 1) {
      const event = eventOf(run, index, chance(0.2) ? upTo(largestBytes) : 0);
      if (chance(0.03)) faulty.add(event.id);
      written.push(event);
      outbox.add(event);
      if (chance(0.8)) void someTab()?.flush();
      await sleep(upTo(STORM_MS / 2 / length));
    }
  }

  /** The user, the browser and the wind. */
  async function disturb(): Promise<void> {
    const endMs = clock.now() + STORM_MS;
    while (clock.now() < endMs) {
      await sleep(upTo(800));
      const what = upTo(6);
      if (what === 0) void someTab()?.leave();
      if (what === 1) void someTab()?.resume();
      if (what === 2) hasToken = false;
      if (what === 3) {
        hasToken = true;
        void someTab()?.resume();
      }
      if (what === 4) {
        tabs.splice(upTo(tabs.length), 1)[0]?.close();
        tabs.push(openTab());
      }
      if (what === 5) void someTab()?.flush();
    }
  }

  outbox.beforeStep = async (step) => {
    if (chance(0.5)) await sleep(upTo(20));
    if (isStorm && chance(trouble / 6)) throw new Error(`The outbox failed to ${step}.`);
  };
  tabs.push(openTab());
  if (chance(0.6)) tabs.push(openTab());
  const runs = 1 + upTo(8);
  const storm = [disturb(), ...Array.from({ length: runs }, (_, run) => record(run))];
  await clock.pass(2 * STORM_MS);
  await Promise.all(storm);
  isStorm = false;
  hasToken = true;
  for (const { uploader } of tabs) void uploader.resume();
  await clock.pass(CALM_MS);
  for (const { uploader } of tabs) {
    if (uploader.state.kind !== 'idle') complaints.push(`A tab ended as ${uploader.state.kind}.`);
  }
  if (clock.pending > 0) complaints.push('A timer was left.');
  if (lock.isHeld || lock.waiting > 0) complaints.push('The lock was left.');
  return {
    written,
    taken: [...taken],
    setAside: outbox.rejected.map(({ event }) => event.id),
    faulty,
    waiting: outbox.ids,
    complaints,
    counts,
  };
}
