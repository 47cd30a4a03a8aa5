import { error } from '@sveltejs/kit';
import { browser } from '$app/environment';
import { DeadLettersError, loadDeadLetters } from '$lib/ui/dead-letters/load-dead-letters.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch }) => {
  try {
    return { list: await loadDeadLetters({ fetch, isBrowser: browser }) };
  } catch (cause) {
    if (cause instanceof DeadLettersError) error(cause.status, cause.message);
    throw cause;
  }
};
