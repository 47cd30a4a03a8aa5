// Keeps an open page in step with the server: it is told which run has changed, and loads again.
import { coalesce } from './coalesce.ts';

const EVENTS_URL = '/runs/events';
/** Windows of many devices arrive together; readers cannot tell this delay from none. */
const REFRESH_DELAY_MS = 250;
/** The browser reconnects by itself, unless it was answered with an error. */
const REOPEN_DELAY_MS = 5000;

/** What `invalidate` is called with, and what the loads of the dashboard depend on. */
export const RUNS_KEY = 'kinemark:runs';

/**
 * Calls `refresh` soon after a run that `concerns` accepts has changed, and after every (re)connection,
 * because changes may have been missed. A hidden page keeps no connection: browsers allow six per
 * server, and tabs share them. Watches until the returned function is called.
 */
export function watchRuns(
  refresh: () => Promise<unknown>,
  concerns: (runId: string) => boolean = () => true,
): () => void {
  const refreshes = coalesce(refresh, REFRESH_DELAY_MS);
  let stream: EventSource | null = null;
  let reopening: ReturnType<typeof setTimeout> | undefined;

  function open(): void {
    close();
    const opened = new EventSource(EVENTS_URL);
    opened.addEventListener('open', refreshes.request);
    opened.addEventListener('change', ({ data }: MessageEvent<string>) => {
      if (concerns(data)) refreshes.request();
    });
    opened.addEventListener('error', () => {
      if (opened.readyState === EventSource.CLOSED) reopening = setTimeout(open, REOPEN_DELAY_MS);
    });
    stream = opened;
  }

  function close(): void {
    clearTimeout(reopening);
    stream?.close();
    stream = null;
  }

  const follow = (): void => (document.visibilityState === 'visible' ? open() : close());
  document.addEventListener('visibilitychange', follow);
  follow();
  return () => {
    document.removeEventListener('visibilitychange', follow);
    close();
    refreshes.stop();
  };
}
