import { error } from '@sveltejs/kit';
import { viewRun } from '$lib/ui/runs/run-view.ts';
import { RUNS_KEY } from '$lib/ui/runs/watch-runs.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ params, locals, depends }) => {
  depends(RUNS_KEY);
  const record = await locals.services.store.getRun(params.runId);
  if (!record) {
    error(404, 'No run with this id has reached this server. It may still wait on its device.');
  }
  return { run: viewRun(record), nowMs: Date.now() };
};
