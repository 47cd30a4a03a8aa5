// Takes what Pub/Sub pushes over HTTP: events and dead letters, told apart by their subscription. A request is
// held until its message is settled, so Pub/Sub waits as it would for an acknowledgement.
import type { Logger } from 'pino';
import type { GoogleConfig, PushConfig } from '../../google-config.server.ts';
import type { PushReceiver } from '../../roles/parts.server.ts';
import { readPushBody, type PushedMessage } from './push-body.server.ts';
import { createTokenCheck } from './push-token.server.ts';
import type { Reception } from './reception.server.ts';

/** What a receiver works with. */
export type PushReceiverParts = {
  readonly google: GoogleConfig;
  readonly push: PushConfig;
  readonly logger: Logger;
  /** Where Google's public keys are. */
  readonly keysUrl: string;
};

/** A receiver that passes messages on while it is open. */
export type OpenablePushReceiver = PushReceiver & {
  /** Passes messages to `reception` until the source is closed. One at a time. */
  open(reception: Reception): { close(): Promise<void> };
};

/**
 * Answers 401 or 403 without a token of Pub/Sub's, 400 to what is no push, 204 once the message is taken over,
 * 503 when it is to be pushed again.
 */
export function createPushReceiver({
  google,
  push,
  logger,
  keysUrl,
}: PushReceiverParts): OpenablePushReceiver {
  const checkToken = createTokenCheck(push, keysUrl);
  let reception: Reception | null = null;

  function refuse(status: 400 | 401 | 403, error: string, reason: string): Response {
    logger.warn({ status, reason }, 'a push was refused');
    return Response.json({ error }, { status });
  }

  /** Resolves to whether the message is taken over. */
  function pass(to: Reception, { subscription, ...message }: PushedMessage): Promise<boolean> {
    const isLetter = subscription === google.deadLetterSubscription;
    return new Promise((settle) => {
      if (isLetter) to.receiveLetter({ ...message, settle });
      else to.receiveEvent({ ...message, settle });
    });
  }

  return {
    open(opened) {
      if (reception !== null) throw new Error('Pushed events have one consumer at a time.');
      reception = opened;
      return {
        async close() {
          reception = null;
        },
      };
    },

    async handle(request) {
      let verdict;
      try {
        verdict = await checkToken(request.headers.get('authorization'));
      } catch (error) {
        logger.error({ err: error }, "Google's keys cannot be had, so no push can be checked");
        return pushAgain();
      }
      if (!verdict.ok) {
        return refuse(verdict.status, 'Only Pub/Sub may push events here.', verdict.reason);
      }
      const message = readPushBody(await request.json().catch(() => null));
      if (message === null) return refuse(400, 'The body is no push of Pub/Sub.', 'no push');
      const { subscription } = message;
      if (subscription !== google.subscription && subscription !== google.deadLetterSubscription) {
        return refuse(
          400,
          'The subscription is none of this worker.',
          `subscription ${subscription}`,
        );
      }
      if (reception === null) return pushAgain();
      return (await pass(reception, message)) ? new Response(null, { status: 204 }) : pushAgain();
    },
  };
}

function pushAgain(): Response {
  return Response.json({ error: 'The event was not taken over. Push it again.' }, { status: 503 });
}
