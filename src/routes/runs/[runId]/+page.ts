import { error } from '@sveltejs/kit';
import { browser } from '$app/environment';
import { RunsError, loadRun } from '$lib/ui/runs/load-runs.ts';
import { RUNS_KEY } from '$lib/ui/runs/watch-runs.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params, fetch, depends }) => {
  depends(RUNS_KEY);
  try {
    return await loadRun(params.runId, { fetch, isBrowser: browser });
  } catch (cause) {
    if (cause instanceof RunsError) error(cause.status, cause.message);
    throw cause;
  }
};
