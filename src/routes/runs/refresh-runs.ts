// Loads what the dashboard shows once more, without taking the way from somebody who is just leaving.
import { invalidate } from '$app/navigation';
import { navigating } from '$app/state';
import { RUNS_KEY } from '$lib/ui/runs/watch-runs.ts';

/** Waits for a navigation that goes on: Kit gives up whichever of the two is older. */
export async function refreshRuns(): Promise<void> {
  while (navigating.complete) await navigating.complete.catch(() => undefined);
  await invalidate(RUNS_KEY);
}
