// What to ask for to repeat a run: a plan file for the measuring page and for `npm run bench -- --plan`.
import { error } from '@sveltejs/kit';
import { requirePart } from '../../../require-part.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ params, locals }) => {
  const record = await requirePart(locals.services.store).getRun(params.runId);
  if (!record) error(404, 'No run with this id has reached this server.');
  const recipe = record.finished?.recipe ?? record.started?.recipe;
  if (!recipe) error(404, 'This run is from before plans were noted. Set its target by hand.');
  return new Response(`${JSON.stringify(recipe, null, 2)}\n`, {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': `attachment; filename="kinemark-plan-${record.runId}.json"`,
      'cache-control': 'no-store',
    },
  });
};
