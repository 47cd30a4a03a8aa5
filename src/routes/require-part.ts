// How a route comes by a part of the services that not every role of a process has.
import { error } from '@sveltejs/kit';

/** The part; where this process has none, the request ends with 404. */
export function requirePart<T>(part: T | null): T {
  if (part !== null) return part;
  error(404, 'This address is not served here.');
}
