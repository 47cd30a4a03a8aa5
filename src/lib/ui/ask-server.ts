// How pages that open without a network ask the server for what they show, and when it counts as unreachable.

/** What a load function has. On the server there is no device to turn to. */
export type LoadContext = { readonly fetch: typeof fetch; readonly isBrowser: boolean };

/** What the server answered. A failure has HTTP’s status. */
export type Answer<T> =
  { readonly isOk: true; readonly body: T } | { readonly isOk: false; readonly status: number };

/** How long a reader waits for the whole answer before the server counts as unreachable, in ms. */
const ANSWER_LIMIT_MS = 8000;
/**
 * What a proxy says in the place of a server that it cannot reach, and a network that wants somebody to log in
 * first (RFC 6585).
 */
const UNREACHABLE_STATUSES: ReadonlySet<number> = new Set([502, 503, 504, 511]);

/**
 * The JSON at a path of this server. Null when a browser cannot reach the server, which is also when an answer
 * does not come to its end, or is no JSON: networks that want a log-in answer anything with a page of their
 * own. On the server itself a failure is thrown as it is.
 */
export async function askServer<T>(
  path: string,
  { fetch, isBrowser }: LoadContext,
): Promise<Answer<T> | null> {
  if (!isBrowser) return readAnswer(await fetch(path));
  try {
    const response = await fetch(path, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
    return UNREACHABLE_STATUSES.has(response.status) ? null : await readAnswer(response);
  } catch {
    return null;
  }
}

async function readAnswer<T>(response: Response): Promise<Answer<T>> {
  if (!response.ok) return { isOk: false, status: response.status };
  return { isOk: true, body: (await response.json()) as T };
}
