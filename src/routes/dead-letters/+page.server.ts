import type { PageServerLoad } from './$types';

/** Longer lists are for the command line. */
const MAX_LISTED = 200;

export const load: PageServerLoad = async ({ locals }) => {
  const deadLetters = locals.services.broker.deadLetters();
  const [letters, count] = await Promise.all([
    deadLetters.list({ limit: MAX_LISTED }),
    deadLetters.count(),
  ]);
  return { letters, count, nowMs: Date.now() };
};
