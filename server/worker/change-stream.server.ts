// Server-sent events: one line per changed run, so that open pages know when to load again.
import type { RunChanges } from './run-changes.server.ts';

/** Keeps proxies from closing a quiet stream, and finds clients that are gone. */
const HEARTBEAT_MS = 15_000;
/** Reconnection delay that the browser is told. */
const RETRY_MS = 2000;
/** Unread messages after which a stalled client is cut off; it reconnects when it wakes up. */
const MAX_UNREAD_MESSAGES = 1000;

/** What a stream needs to know; the heartbeat is for tests. */
export type ChangeStreamOptions = {
  readonly changes: RunChanges;
  /** Ends the stream. */
  readonly closing: AbortSignal;
  readonly heartbeatMs?: number;
};

/** Answers with `event: change` and `data: <runId>` for each change, until either side ends it. */
export function openChangeStream({
  changes,
  closing,
  heartbeatMs = HEARTBEAT_MS,
}: ChangeStreamOptions): Response {
  const encoder = new TextEncoder();
  let release = () => {};

  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const end = () => {
        release();
        controller.close();
      };
      const send = (message: string) => {
        controller.enqueue(encoder.encode(message));
        if ((controller.desiredSize ?? 0) < -MAX_UNREAD_MESSAGES) end();
      };
      const unsubscribe = changes.subscribe((runId) => send(`event: change\ndata: ${runId}\n\n`));
      const heartbeat = setInterval(() => send(': still here\n\n'), heartbeatMs);
      release = () => {
        clearInterval(heartbeat);
        unsubscribe();
        closing.removeEventListener('abort', end);
      };

      send(`retry: ${RETRY_MS}\n\n`);
      if (closing.aborted) end();
      else closing.addEventListener('abort', end);
    },
    cancel() {
      release();
    },
  });

  return new Response(body, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
  });
}
