// The other end of an uploader under test: notes every batch and answers as told.
import type { MetricEvent } from '../../../src/lib/events/metric-event.ts';
import type { SendOutcome } from '../../../src/lib/events/send-batch.ts';
import { windowEvent } from '../../fixtures/events.ts';

export type SentBatch = {
  readonly ids: readonly string[];
  readonly keepalive: boolean;
  readonly signal: AbortSignal;
  readonly answer: (outcome: SendOutcome) => void;
};

type SendOptions = { readonly keepalive: boolean; readonly signal: AbortSignal };

export const accepted: SendOutcome = { kind: 'accepted' };
export const unauthorised: SendOutcome = { kind: 'unauthorised', reason: 'HTTP 401: no token' };
export const tooLarge: SendOutcome = { kind: 'too-large', reason: 'HTTP 413: too large' };

export function retry(afterMs: number | null = null): SendOutcome {
  return { kind: 'retry', reason: 'the server could not be reached', afterMs };
}

export function rejected(...faults: readonly { index: number; message: string }[]): SendOutcome {
  return { kind: 'rejected', reason: 'HTTP 400: faulty', faults };
}

/** Gives these answers at once, then accepts everything. */
export function serverOf(...answers: readonly SendOutcome[]) {
  const left = [...answers];
  return serverBy(async () => left.shift() ?? accepted);
}

/** Answers each batch with what `judge` says of its ids. */
export function serverBy(judge: (ids: readonly string[]) => Promise<SendOutcome>) {
  const batches: (readonly string[])[] = [];
  return {
    batches,
    send: (events: readonly MetricEvent[]): Promise<SendOutcome> => {
      const ids = events.map(({ id }) => id);
      batches.push(ids);
      return judge(ids);
    },
  };
}

/** Answers when the test does. */
export function serverByHand() {
  const sent: SentBatch[] = [];
  return {
    sent,
    send: (events: readonly MetricEvent[], options: SendOptions) =>
      new Promise<SendOutcome>((answer) => {
        sent.push({ ids: events.map(({ id }) => id), ...options, answer });
      }),
  };
}

export function runId(run: number): string {
  return `0197a000-0000-7000-8000-${String(run).padStart(12, '0')}`;
}

/** An event that as JSON has at least this many bytes and hardly more; by itself it has some 1,000. */
export function eventOf(run: number, index: number, bytes = 0): MetricEvent {
  const event = windowEvent(index, { runId: runId(run) });
  const missing = Math.max(0, bytes - JSON.stringify(event).length);
  const { endToEnd } = event.data.latencyMs;
  endToEnd.push(...Array<number>(Math.ceil(missing / ',12.5'.length)).fill(12.5));
  return event;
}

/** `count` events of one run. */
export function eventsOf(run: number, count: number, bytes = 0): readonly MetricEvent[] {
  return Array.from({ length: count }, (_, index) => eventOf(run, index, bytes));
}

export function idsOf(events: readonly MetricEvent[]): readonly string[] {
  return events.map(({ id }) => id);
}
