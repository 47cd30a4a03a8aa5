// Turns a burst of requests into few actions.

/** Asks for an action; `stop` drops what has not begun. */
export type Coalesced = { readonly request: () => void; readonly stop: () => void };

/**
 * Runs `action` at most `delayMs` after the first request of a burst, once for the burst. Actions never
 * overlap: what is asked for while one runs waits for its end. A rejection does not stop later actions.
 */
export function coalesce(action: () => Promise<unknown>, delayMs: number): Coalesced {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let busy = false;
  let askedMeanwhile = false;

  function request(): void {
    if (busy) askedMeanwhile = true;
    else timer ??= setTimeout(() => void run(), delayMs);
  }

  async function run(): Promise<void> {
    timer = undefined;
    busy = true;
    try {
      await action();
    } finally {
      busy = false;
      if (askedMeanwhile) {
        askedMeanwhile = false;
        request();
      }
    }
  }

  return {
    request,
    stop() {
      clearTimeout(timer);
      timer = undefined;
      askedMeanwhile = false;
    },
  };
}
