// Keeps the screen on: one that goes dark hides the tab, which ends a measurement.

/** A hold on the screen that lasts until it is released. */
export type WakeLock = {
  /** Whether the screen is kept on right now. False where the browser refuses: no support, or a low battery. */
  readonly isHeld: () => boolean;
  /** Lets the screen go dark again. */
  readonly release: () => Promise<void>;
};

/**
 * Asks for the screen to stay on, and again whenever the page comes back: browsers drop the lock of a
 * hidden page. Resolves when the first answer is there. Never rejects, whatever the browser says.
 */
export async function holdWakeLock(): Promise<WakeLock> {
  let sentinel: WakeLockSentinel | null = null;
  let isWanted = true;

  async function acquire(): Promise<void> {
    if (!isWanted || document.visibilityState === 'hidden') return;
    // Not there in every browser, nor on insecure pages, whatever TypeScript says.
    const { wakeLock } = navigator as { readonly wakeLock?: Navigator['wakeLock'] };
    const acquired = (await wakeLock?.request('screen').catch(() => null)) ?? null;
    // Released while it was asked for.
    if (!isWanted) return acquired?.release();
    // Asked for twice, when the page came back while the first request was open.
    await sentinel?.release().catch(() => undefined);
    sentinel = acquired;
  }
  function onVisibilityChange(): void {
    if (sentinel === null || sentinel.released) void acquire();
  }

  document.addEventListener('visibilitychange', onVisibilityChange);
  await acquire();
  return {
    isHeld: () => sentinel?.released === false,
    async release() {
      isWanted = false;
      document.removeEventListener('visibilitychange', onVisibilityChange);
      await sentinel?.release().catch(() => undefined);
    },
  };
}
