// The app's own files, kept when a version is installed: what every page needs before it asks anybody for
// anything. Not the engines (runtime-cache.ts), and never the weights (src/lib/weights).
import { SHELL_PAGE_PATH } from './request-kind.ts';

/** One version of the app as it is kept. */
export type AppShell = {
  readonly paths: ReadonlySet<string>;
  /** Keeps every file, or nothing: rejects with an OfflineCopyError then. */
  install(): Promise<void>;
  /** A kept file by its path; from another version's files where this one has none such. */
  match(path: string): Promise<Response | undefined>;
  /** Whether this version itself is kept. */
  isKept(): Promise<boolean>;
  /** The names under which other versions are kept, earlier and later ones. */
  listOthers(): Promise<readonly string[]>;
  /** Drops what is kept under these names. */
  drop(names: readonly string[]): Promise<void>;
};

/** The app cannot be kept on this device. The message is one sentence: what, why, what to do. */
export class OfflineCopyError extends Error {
  override readonly name = 'OfflineCopyError';
}

const CACHE_PREFIX = 'kinemark-app-';
/** Names below it carry a hash of the contents, so that the HTTP cache may answer. */
const IMMUTABLE_PATH = '/_app/immutable/';
const IMMUTABLE_URL = /\/_app\/immutable\/[\w./-]+/g;

/** A version of the app. `files` are paths of this origin; the page for navigations is always among them. */
export function createAppShell(version: string, files: readonly string[]): AppShell {
  const paths = new Set([...files, SHELL_PAGE_PATH]);
  const name = CACHE_PREFIX + version;

  async function install(): Promise<void> {
    const cache = await caches.open(name);
    await Promise.all([...paths].map((path) => keep(cache, path)));
    await requireOneVersion(cache, paths);
  }

  return {
    paths,
    async install() {
      try {
        await install();
      } catch (cause) {
        await caches.delete(name);
        throw explain(cause);
      }
    },
    async match(path) {
      const own = await (await caches.open(name)).match(path, { ignoreVary: true });
      return own ?? caches.match(path, { ignoreVary: true });
    },
    async isKept() {
      // Not by opening it, which would make it.
      const page = await caches.match(SHELL_PAGE_PATH, { cacheName: name, ignoreVary: true });
      return page !== undefined;
    },
    async listOthers() {
      const names = await caches.keys();
      return names.filter((each) => each.startsWith(CACHE_PREFIX) && each !== name);
    },
    async drop(names) {
      await Promise.all(names.map((each) => caches.delete(each)));
    },
  };
}

async function keep(cache: Cache, path: string): Promise<void> {
  const cacheMode = path.startsWith(IMMUTABLE_PATH) ? 'default' : 'no-cache';
  const response = await fetch(path, { cache: cacheMode, credentials: 'same-origin' });
  if (!response.ok || response.redirected) {
    throw new OfflineCopyError(
      `The app could not be kept for offline use because the server answered ${path} with HTTP ${response.status}. Reload the page to try again.`,
    );
  }
  await cache.put(path, response);
}

/** A server that was updated meanwhile gives a page whose scripts are not among the files. */
async function requireOneVersion(cache: Cache, paths: ReadonlySet<string>): Promise<void> {
  const page = await cache.match(SHELL_PAGE_PATH, { ignoreVary: true });
  const html = (await page?.text()) ?? '';
  const scripts = html.match(IMMUTABLE_URL) ?? [];
  if (scripts.length > 0 && scripts.every((path) => paths.has(path))) return;
  throw new OfflineCopyError(
    'The app could not be kept for offline use because the server was updated meanwhile. Reload the page to try again.',
  );
}

function explain(cause: unknown): OfflineCopyError {
  if (cause instanceof OfflineCopyError) return cause;
  if (cause instanceof DOMException && cause.name === 'QuotaExceededError') {
    return new OfflineCopyError(
      "The app could not be kept for offline use because the browser's storage is full. Free space on this device and reload the page.",
    );
  }
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new OfflineCopyError(
    `The app could not be kept for offline use because fetching it failed (${reason}). Check the connection and reload the page.`,
  );
}
