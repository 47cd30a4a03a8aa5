// The engines' own code, tens of MB of WebAssembly: kept as it is fetched, since only an engine knows which
// of its builds a device can run. Names carry a hash of the contents, so what is kept never ages.
import type { EngineFiles } from './engine-files.ts';
import { pathsOf } from './engine-files.ts';

/** Cache Storage's name of it. It outlives versions of the app: most of them change no engine. */
const CACHE_NAME = 'kinemark-runtimes-v1';

/** Beside the files: for which targets they were seen to be complete. Nobody is ever asked for these. */
const READY_PATH = '/kept-runtimes/ready/';

/** Resolves where a file could not be kept; the engine has it all the same. */
export type OnRefused = (path: string) => void;

/**
 * A file of an engine: the kept one, else the network's, which is kept meanwhile. `outlive` is given what goes
 * on after the answer.
 */
export async function answerRuntime(
  request: Request,
  outlive: (work: Promise<unknown>) => void,
  onRefused: OnRefused,
): Promise<Response> {
  const cache = await caches.open(CACHE_NAME);
  const kept = await cache.match(request, { ignoreVary: true });
  if (kept) return kept;
  const response = await fetch(request);
  if (response.status === 200) {
    const { pathname } = new URL(request.url);
    outlive(cache.put(request, response.clone()).catch(() => onRefused(pathname)));
  }
  return response;
}

/** Drops the files that the app of these engines has no more use for. */
export async function dropOldRuntimes(engineFiles: EngineFiles): Promise<void> {
  const cache = await caches.open(CACHE_NAME);
  const current = pathsOf(engineFiles);
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    const isCurrent = pathname.startsWith(READY_PATH) || current.has(pathname);
    if (!isCurrent) await cache.delete(request);
  }
}

/** The paths that are kept. */
export async function keptRuntimePaths(): Promise<readonly string[]> {
  const requests = await (await caches.open(CACHE_NAME)).keys();
  return requests
    .map(({ url }) => new URL(url).pathname)
    .filter((path) => !path.startsWith(READY_PATH));
}

/** Forgets every engine, and what was said of targets. */
export async function forgetRuntimes(): Promise<void> {
  await caches.delete(CACHE_NAME);
}

/** A target with the number of its threads (null: as suits the device), which decides on an engine's build. */
export type ReadyTarget = { readonly targetId: string; readonly threads: number | null };

/**
 * Notes that a target was started with the files that are kept. `worker` is the path of its engine's worker,
 * whose hash changes with anything in it.
 */
export async function noteReady(target: ReadyTarget, worker: string): Promise<void> {
  const cache = await caches.open(CACHE_NAME);
  await cache.put(readyPath(target), Response.json({ ...target, worker }));
}

/**
 * Whether a target was started with files that are still kept, by this worker. The worker itself must be among
 * them: a page of another version than the one that is in use may have noted what it did not load.
 */
export async function isReady(target: ReadyTarget, worker: string): Promise<boolean> {
  const cache = await caches.open(CACHE_NAME);
  const noted = await cache.match(readyPath(target));
  if (!noted || ((await noted.json()) as { worker: string }).worker !== worker) return false;
  return (await cache.match(worker, { ignoreVary: true })) !== undefined;
}

/** All targets that were noted, also by other workers: those whose engine has changed need it again. */
export async function listReady(): Promise<readonly (ReadyTarget & { readonly worker: string })[]> {
  const cache = await caches.open(CACHE_NAME);
  const requests = await cache.keys();
  const noted = requests.filter(({ url }) => new URL(url).pathname.startsWith(READY_PATH));
  const answers = await Promise.all(noted.map((request) => cache.match(request)));
  return Promise.all(
    answers
      .filter((answer) => answer !== undefined)
      .map((answer) => answer.json() as Promise<ReadyTarget & { worker: string }>),
  );
}

function readyPath({ targetId, threads }: ReadyTarget): string {
  return `${READY_PATH}${encodeURIComponent(targetId)}/${threads ?? 'auto'}`;
}
