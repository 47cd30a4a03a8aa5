// The newest dead letters, for the page that lists them: on the server and in the browser alike.
import { json } from '@sveltejs/kit';
import { MAX_LISTED_DEAD_LETTERS } from '$lib/ui/dead-letters/load-dead-letters.ts';
import type { DeadLetterList } from '$lib/ui/dead-letters/load-dead-letters.ts';
import { requirePart } from '../../require-part.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals }) => {
  const deadLetters = requirePart(locals.services.deadLetters);
  const [letters, count] = await Promise.all([
    deadLetters.list({ limit: MAX_LISTED_DEAD_LETTERS }),
    deadLetters.count(),
  ]);
  const list: DeadLetterList = { letters, count, nowMs: Date.now() };
  return json(list, { headers: { 'cache-control': 'no-store' } });
};
