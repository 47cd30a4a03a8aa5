// Everything that has arrived of one run, as the store keeps it.
import { error } from '@sveltejs/kit';
import { requirePart } from '../../../require-part.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ params, locals }) => {
  const record = await requirePart(locals.services.store).getRun(params.runId);
  if (!record) error(404, 'No run with this id has reached this server.');
  return new Response(`${JSON.stringify(record, null, 2)}\n`, {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': `attachment; filename="kinemark-${record.runId}.json"`,
      'cache-control': 'no-store',
    },
  });
};
