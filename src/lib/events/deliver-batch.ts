// What becomes of one batch: accepted, set aside, or left in the outbox for another try. Splits what a
// server refuses until only the events at fault are left.
import type { MetricEvent } from './metric-event.ts';
import type { Outbox, OutboxEntry, Rejection } from './outbox.ts';
import type { SendOutcome } from './send-batch.ts';

/** What a delivery works with. */
export type DeliveryParts = {
  readonly outbox: Outbox;
  readonly send: (events: readonly MetricEvent[]) => Promise<SendOutcome>;
  /** Asked before each part but the first: false leaves the rest for later. */
  readonly mayGoOn: () => boolean;
  /** Called after each part that the server has. */
  readonly onAccepted: () => void;
};

/** Why a part of a batch was left in the outbox. */
export type Hindrance = Extract<SendOutcome, { kind: 'retry' | 'unauthorised' }>;

/** How it ended: nothing of the batch is left in the outbox, or something is and why ('held': not tried). */
export type Delivery = Hindrance | { readonly kind: 'done' } | { readonly kind: 'held' };

type Entries = readonly OutboxEntry[];

/**
 * Sends `entries` and takes out of the outbox what the server accepted or never will. Parts follow one
 * another and nothing is sent after a part that failed, so the order is kept. Rejects when the outbox
 * does, and with what `send` throws.
 */
export async function deliverBatch(
  entries: Entries,
  { outbox, send, mayGoOn, onAccepted }: DeliveryParts,
): Promise<Delivery> {
  const parts: Entries[] = [entries];
  for (let part = parts.shift(); part; part = parts.shift()) {
    const outcome = await send(part.map(({ event }) => event));
    switch (outcome.kind) {
      case 'accepted':
        await outbox.remove(part.map(({ key }) => key));
        onAccepted();
        break;
      case 'retry':
      case 'unauthorised':
        return outcome;
      case 'too-large':
      case 'rejected': {
        const rejections = findRejections(part, outcome);
        if (rejections.length > 0) await outbox.reject(rejections);
        parts.unshift(...partsLeft(part, rejections));
      }
    }
    if (parts.length > 0 && !mayGoOn()) return { kind: 'held' };
  }
  return { kind: 'done' };
}

/** The entries that the refusal is about, as far as it tells; none when it must be tried in parts. */
function findRejections(
  part: Entries,
  outcome: Extract<SendOutcome, { kind: 'too-large' | 'rejected' }>,
): readonly Rejection[] {
  const faults = outcome.kind === 'rejected' ? outcome.faults : [];
  const rejections = part.flatMap(({ key }, position) => {
    const messages = faults.filter(({ index }) => index === position).map((it) => it.message);
    return messages.length > 0 ? [{ key, reason: messages.join('; ') }] : [];
  });
  const [only] = part;
  if (rejections.length === 0 && part.length === 1 && only) {
    return [{ key: only.key, reason: outcome.reason }];
  }
  return rejections;
}

/** What is to be sent again: all that was not at fault, or, where nobody knows, both halves. */
function partsLeft(part: Entries, rejections: readonly Rejection[]): readonly Entries[] {
  if (rejections.length > 0) {
    const atFault = new Set(rejections.map(({ key }) => key));
    const rest = part.filter(({ key }) => !atFault.has(key));
    return rest.length > 0 ? [rest] : [];
  }
  const middle = Math.ceil(part.length / 2);
  return [part.slice(0, middle), part.slice(middle)];
}
