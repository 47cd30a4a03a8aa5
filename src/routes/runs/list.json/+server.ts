// The newest runs, for the page that lists them: on the server and in the browser alike.
import { json } from '@sveltejs/kit';
import { MAX_LISTED_RUNS } from '$lib/ui/runs/load-runs.ts';
import type { RunList } from '$lib/ui/runs/load-runs.ts';
import { requirePart } from '../../require-part.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals }) => {
  const store = requirePart(locals.services.store);
  const [found, deadLetters] = await Promise.all([
    // One more than is shown tells whether there are more.
    store.listRuns({ limit: MAX_LISTED_RUNS + 1 }),
    requirePart(locals.services.deadLetters)
      .count()
      .catch(() => null),
  ]);
  const list: RunList = {
    runs: found.slice(0, MAX_LISTED_RUNS),
    hasMore: found.length > MAX_LISTED_RUNS,
    deadLetters,
    nowMs: Date.now(),
  };
  return json(list, { headers: { 'cache-control': 'no-store' } });
};
