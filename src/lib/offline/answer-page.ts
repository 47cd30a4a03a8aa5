// The answer to a navigation: the server's page where it comes in time and is of the version in use, else the
// app's own empty one, from which the same URL is shown with what this device has.
import { VERSION_HEADER } from './version-header.ts';

/**
 * How long a page of the server is waited for, in ms. A mobile network in a bad place answers within it; where
 * it does not, the app starts by itself and asks the server for the data once more.
 */
export const PAGE_LIMIT_MS = 4000;

/** What a proxy says in the place of a server that it cannot reach. */
const UNREACHABLE_STATUSES: ReadonlySet<number> = new Set([502, 503, 504]);

/** Where answers come from. */
export type PageSources = {
  /** The version in use: of the app's own page, and of the service worker. */
  readonly version: string;
  /** Rejects where there is no network. */
  readonly network: Promise<Response>;
  /** The app's own page; undefined where it is not kept. */
  readonly shell: () => Promise<Response | undefined>;
  readonly limitMs?: number;
};

/** The page to show. Rejects as the network did where the app's own page is not kept either. */
export async function answerPage({
  version,
  network,
  shell,
  limitMs = PAGE_LIMIT_MS,
}: PageSources): Promise<Response> {
  const inTime = await Promise.race([network.catch(() => null), pause(limitMs)]);
  if (inTime && !UNREACHABLE_STATUSES.has(inTime.status) && !isOfOther(inTime, version)) {
    return inTime;
  }
  return (await shell()) ?? inTime ?? network;
}

/** Its code would run before the user wants it. A page that names no version is none of the app's. */
function isOfOther({ headers }: Response, version: string): boolean {
  const named = headers.get(VERSION_HEADER);
  return named !== null && named !== version;
}

function pause(ms: number): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), ms));
}
