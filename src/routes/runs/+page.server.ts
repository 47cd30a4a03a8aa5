import { RUNS_KEY } from '$lib/ui/runs/watch-runs.ts';
import type { PageServerLoad } from './$types';

/** Longer lists are for queries, not for scrolling. */
const MAX_LISTED_RUNS = 200;

export const load: PageServerLoad = async ({ locals, depends }) => {
  depends(RUNS_KEY);
  // One more than is shown tells whether there are more.
  const found = await locals.services.store.listRuns({ limit: MAX_LISTED_RUNS + 1 });
  return {
    runs: found.slice(0, MAX_LISTED_RUNS),
    hasMore: found.length > MAX_LISTED_RUNS,
    nowMs: Date.now(),
  };
};
