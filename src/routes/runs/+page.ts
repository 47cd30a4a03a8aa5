import { error } from '@sveltejs/kit';
import { browser } from '$app/environment';
import { RunsError, loadRunList } from '$lib/ui/runs/load-runs.ts';
import { RUNS_KEY } from '$lib/ui/runs/watch-runs.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, depends }) => {
  depends(RUNS_KEY);
  try {
    return await loadRunList({ fetch, isBrowser: browser });
  } catch (cause) {
    if (cause instanceof RunsError) error(cause.status, cause.message);
    throw cause;
  }
};
