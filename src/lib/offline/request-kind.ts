// What the service worker does with a request: decided by the request alone, at once, so that whatever is
// not its business reaches the network as if there were no service worker.

/** Where the build puts the engines' workers, their chunks and their WebAssembly; names carry a hash. */
export const RUNTIME_PATH = '/_app/immutable/workers/';

/** Answers a navigation that no server does: a page without content, whose script looks at the URL. */
export const SHELL_PAGE_PATH = '/shell';

/**
 * Where Kit's client reads which version the server has, to load a page anew that failed. Kept: while a version
 * is in use it is the newest to its pages, and loading anew would only bring itself back, without an end.
 */
export const VERSION_PATH = '/_app/version.json';

/**
 * `page`: a navigation to one of the app's pages. `shell`: a file of the app that is kept. `runtime`: a part
 * of an engine, kept once it was fetched. `untouched`: everything else.
 */
export type RequestKind = 'page' | 'shell' | 'runtime' | 'untouched';

/** The part of a Request that is looked at. */
export type AskedRequest = {
  readonly method: string;
  readonly mode: string;
  readonly url: string;
  readonly headers: { has(name: string): boolean };
};

/**
 * Addresses that are no pages although one may navigate there: endpoints, and the page of the bench, which
 * nothing may stand in front of.
 */
const NOT_PAGES =
  /^\/(?:_app|clips|headless|healthz|kept-weights|metrics|models|runs\/events)(?:\/|$)/;

/** Names with a dot are files: `/runs/<id>/run.json`. */
const FILE_NAME = /\.[^/]*$/;

/** The kind of a request. `shellPaths` are the files that are kept, `origin` is the service worker's own. */
export function kindOfRequest(
  { method, mode, url, headers }: AskedRequest,
  shellPaths: ReadonlySet<string>,
  origin: string,
): RequestKind {
  const { origin: asked, pathname, search } = new URL(url);
  // A part of a file is never kept, and what is kept whole is no answer to it.
  if (method !== 'GET' || asked !== origin || headers.has('range')) return 'untouched';
  if (mode === 'navigate') {
    return NOT_PAGES.test(pathname) || FILE_NAME.test(pathname) ? 'untouched' : 'page';
  }
  if (search === '' && shellPaths.has(pathname)) return 'shell';
  return pathname.startsWith(RUNTIME_PATH) ? 'runtime' : 'untouched';
}
