// How it stands with what waits to be sent, in words.
import type { DeliveryState } from '../../events/uploader.ts';
import { formatCount, formatDuration } from '../format.ts';

/** How sending stands; `tone` is `doubtful` where the user may have to do something. */
export type DeliveryNote = {
  /** A sentence or two; changes only when the state does, so that it can be read out. */
  readonly text: string;
  /** A sentence that changes each second; null when no try is being waited for. */
  readonly nextTry: string | null;
  readonly tone: 'quiet' | 'doubtful' | 'broken';
};

const MS_PER_SECOND = 1000;

/** How many events have not reached the server. */
export type UnsentEvents = {
  readonly waiting: number;
  /** Those that a server refused, whether they are still here or were discarded. */
  readonly refused: number;
};

/**
 * What to say of sending. `nowMs` is by the uploader's clock (`performance.now()` of this page), for the time
 * until the next try.
 */
export function describeDelivery(
  state: DeliveryState,
  { waiting, refused }: UnsentEvents,
  nowMs: number,
): DeliveryNote {
  switch (state.kind) {
    case 'idle':
      if (waiting > 0) return quietly(`${eventsOf(waiting)} will be sent next.`);
      return quietly(refused > 0 ? 'Nothing waits to be sent.' : 'Everything has been sent.');
    case 'sending':
      return quietly('Sending…');
    case 'elsewhere':
      return quietly('Another tab of this browser is sending.');
    case 'waiting': {
      // Tenths of a second would flicker.
      const seconds = Math.max(1, Math.ceil((state.retryAtMs - nowMs) / MS_PER_SECOND));
      return {
        ...quietly(`Not sent yet because ${withoutStop(state.reason)}.`),
        nextTry: `Next try in ${formatDuration(seconds * MS_PER_SECOND)}.`,
      };
    }
    case 'unauthorised':
      return {
        text: `The server refused this device because ${withoutStop(state.reason)}. Ask whoever runs it; nothing is lost meanwhile.`,
        nextTry: null,
        tone: 'doubtful',
      };
    case 'broken':
      return {
        text: `Not everything can be sent because ${withoutStop(state.reason)}. Reload the page, and free space if storage is full.`,
        nextTry: null,
        tone: 'broken',
      };
  }
}

/** What to say where it is not known what waits. The page says why. */
export function describeUnread(reading: 'pending' | 'failed'): DeliveryNote {
  return quietly(
    reading === 'pending' ? 'Reading…' : 'What waits on this device could not be read.',
  );
}

/** `1 event`, `12 events`. */
export function eventsOf(count: number): string {
  return count === 1 ? '1 event' : `${formatCount(count)} events`;
}

function quietly(text: string): DeliveryNote {
  return { text, nextTry: null, tone: 'quiet' };
}

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
