// How it stands with what waits to be sent, in words.
import type { DeliveryState } from '../../events/uploader.ts';
import { formatCount, formatDuration } from '../format.ts';

/** A sentence or two; `tone` is `doubtful` where the user may have to do something. */
export type DeliveryNote = {
  readonly text: string;
  readonly tone: 'quiet' | 'doubtful' | 'broken';
};

const MS_PER_SECOND = 1000;

/**
 * What to say of `waiting` events. `nowMs` is by the uploader's clock (`performance.now()` of this page), for
 * the time until the next try.
 */
export function describeDelivery(
  state: DeliveryState,
  waiting: number,
  nowMs: number,
): DeliveryNote {
  switch (state.kind) {
    case 'idle':
      return waiting === 0
        ? { text: 'Everything has been sent.', tone: 'quiet' }
        : { text: `${eventsOf(waiting)} will be sent next.`, tone: 'quiet' };
    case 'sending':
      return { text: 'Sending…', tone: 'quiet' };
    case 'elsewhere':
      return { text: 'Another tab of this browser is sending.', tone: 'quiet' };
    case 'waiting': {
      // Tenths of a second would flicker.
      const seconds = Math.max(1, Math.ceil((state.retryAtMs - nowMs) / MS_PER_SECOND));
      return {
        text: `Not sent yet because ${withoutStop(state.reason)}. Next try in ${formatDuration(seconds * MS_PER_SECOND)}.`,
        tone: 'quiet',
      };
    }
    case 'unauthorised':
      return {
        text: `The server refused this device because ${withoutStop(state.reason)}. Ask whoever runs it; nothing is lost meanwhile.`,
        tone: 'doubtful',
      };
    case 'broken':
      return {
        text: `What waits cannot be read because ${withoutStop(state.reason)}. Reload the page, and free space if it is full.`,
        tone: 'broken',
      };
  }
}

/** `1 event`, `12 events`. */
export function eventsOf(count: number): string {
  return count === 1 ? '1 event' : `${formatCount(count)} events`;
}

function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
