// Under which path of our own origin a file of weights is asked for. The page may talk to nobody else
// (Content-Security-Policy), so public addresses go through the server's relay (docs/adr/0009).

/** Where the relay answers. What follows is the host and path of the public address. */
export const RELAY_PATH = '/models/remote/';

const REMOTE = /^https:\/\//;
const IMPORTED = /^imported:/;

/** Whether a file's URL is the public address of somebody else's server. */
export function isRemote(url: string): boolean {
  return REMOTE.test(url);
}

/** Whether a file was brought by the user, so that it can be fetched from nowhere. */
export function isImported(url: string): boolean {
  return IMPORTED.test(url);
}

/**
 * The path of our own origin that answers with what a file's URL stands for; for a file in an archive that
 * is the archive. A URL's query is not part of it: no two files of the catalogue differ in nothing else.
 */
export function requestPathOf(url: string): string {
  if (!isRemote(url)) return url;
  const { host, pathname } = new URL(url);
  return `${RELAY_PATH}${host}${pathname}`;
}

/** The name of the file in an archive that a URL asks for; null when the URL is the file's own. */
export function archiveEntryOf(url: string): string | null {
  return isRemote(url) ? decodeURIComponent(new URL(url).hash.slice(1)) || null : null;
}
