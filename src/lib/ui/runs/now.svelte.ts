// The time by which ages are told.
import { onMount } from 'svelte';

/** Ages are told in minutes. */
const TICK_MS = 15_000;

/**
 * The current time in ms since 1970, which moves on while the component is mounted. The server's time
 * stands in until then, so that what it wrote stays until there is something newer.
 */
export function createNow(serverNowMs: () => number): { readonly ms: number } {
  let ticked = $state<number | null>(null);
  onMount(() => {
    const tick = (): void => void (ticked = Date.now());
    tick();
    const timer = setInterval(tick, TICK_MS);
    return () => clearInterval(timer);
  });
  return {
    get ms() {
      return ticked ?? serverNowMs();
    },
  };
}
