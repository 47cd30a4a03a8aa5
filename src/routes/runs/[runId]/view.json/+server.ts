// What the page of one run shows, for that page: on the server and in the browser alike.
import { error, json } from '@sveltejs/kit';
import type { RunPage } from '$lib/ui/runs/load-runs.ts';
import { viewRun } from '$lib/ui/runs/run-view.ts';
import { requirePart } from '../../../require-part.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ params, locals }) => {
  const record = await requirePart(locals.services.store).getRun(params.runId);
  if (!record) error(404, 'No run with this id has reached this server.');
  const page: RunPage = { run: viewRun(record), nowMs: Date.now() };
  return json(page, { headers: { 'cache-control': 'no-store' } });
};
