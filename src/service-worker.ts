// The service worker: keeps the app for use without a network, and answers with it. What it decides and
// keeps is in src/lib/offline; this file only wires it to the worker's events.
import { build, files, version } from '$service-worker';
import { answerPage } from './lib/offline/answer-page.ts';
import { createAppShell } from './lib/offline/app-shell.ts';
import { ENGINE_FILES_PATH } from './lib/offline/engine-files.ts';
import type { EngineFiles } from './lib/offline/engine-files.ts';
import { OUTBOX_SYNC_TAG } from './lib/offline/outbox-sync-tag.ts';
import {
  RUNTIME_PATH,
  SHELL_PAGE_PATH,
  VERSION_PATH,
  kindOfRequest,
} from './lib/offline/request-kind.ts';
import { answerRuntime, dropOldRuntimes } from './lib/offline/runtime-cache.ts';
import { sendWaiting } from './lib/offline/send-waiting.ts';
import { isOfKind } from './lib/offline/worker-messages.ts';
import type { ActivateReply, WorkerNotice } from './lib/offline/worker-messages.ts';
import { CODE_LOCK } from './lib/storage/run-lock.ts';

/** Events that TypeScript's library lacks: WICG Background Sync, and the Static Routing API's install event. */
type SyncEvent = ExtendableEvent & { readonly tag: string };
type RoutingInstallEvent = ExtendableEvent & {
  addRoutes?: (rules: readonly { condition: object; source: 'network' }[]) => Promise<void>;
};

/** How long activation may take before runs are let go on; it goes on by itself. */
const ACTIVATION_LIMIT_MS = 5000;

const worker = globalThis as unknown as ServiceWorkerGlobalScope;
// Engines are kept when they are used, so that nobody fetches 100 MB who wants one of them.
const app = build.filter((path) => !path.startsWith(RUNTIME_PATH));
const shell = createAppShell(version, [...app, ...files, ENGINE_FILES_PATH, VERSION_PATH]);
const activated = Promise.withResolvers<'activated'>();
/** Per start of this worker, which the browser ends after some 30 s without a request. */
let isTidy = false;
let isRepaired = false;

worker.addEventListener('install', (event: RoutingInstallEvent) => {
  event.waitUntil(install());
  // Where the browser can, what is none of our business does not even start the worker.
  const bypassed = [
    { not: { requestMethod: 'GET' } },
    ...['/metrics', '/healthz', '/headless', '/models/*', '/runs/events'].map((pathname) => ({
      urlPattern: { pathname },
    })),
  ];
  event
    .addRoutes?.(bypassed.map((condition) => ({ condition, source: 'network' })))
    // The fetch event leaves the same requests alone.
    .catch(() => undefined);
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      // The server is asked for a page while the worker still starts.
      await worker.registration.navigationPreload?.enable();
      await worker.clients.claim();
      activated.resolve('activated');
      await tidyUp();
    })(),
  );
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  switch (kindOfRequest(request, shell.paths, worker.location.origin)) {
    case 'untouched':
      return;
    case 'page':
      if (!isTidy) event.waitUntil(tidyUp());
      if (!isRepaired) event.waitUntil(repair());
      event.respondWith(
        answerPage({
          version,
          network: fetchPage(event),
          shell: () => shell.match(SHELL_PAGE_PATH),
        }),
      );
      return;
    case 'shell':
      event.respondWith(
        shell.match(new URL(request.url).pathname).then((kept) => kept ?? fetch(request)),
      );
      return;
    case 'runtime':
      event.respondWith(
        answerRuntime(
          request,
          (work) => event.waitUntil(work),
          (path) => void tellPages({ kind: 'runtime-refused', path }),
        ),
      );
  }
});

worker.addEventListener('message', (event) => {
  if (!isOfKind(event.data, 'activate')) return;
  event.waitUntil(
    takeOver().then((isActivated) => {
      const reply: ActivateReply = { activated: isActivated };
      event.ports[0]?.postMessage(reply);
    }),
  );
});

worker.addEventListener('sync' as keyof ServiceWorkerGlobalScopeEventMap, (event) => {
  const sync = event as SyncEvent;
  if (sync.tag === OUTBOX_SYNC_TAG) sync.waitUntil(sendWaiting());
});

async function install(): Promise<void> {
  await shell.install().catch(async (cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    await tellPages({ kind: 'install-failed', reason });
    throw cause;
  });
}

/** Keeps the app once more where the browser or its user has removed it from under this worker. */
async function repair(): Promise<void> {
  isRepaired = true;
  // The server has the next version then, and this one's files no more.
  if (isNextThere() || (await shell.isKept())) return;
  await install().catch(() => undefined);
}

/** Whether a later version is being installed, or waits. */
function isNextThere(): boolean {
  const { installing, waiting } = worker.registration;
  return [installing, waiting].some((next) => next && next !== worker.serviceWorker);
}

async function fetchPage(event: FetchEvent): Promise<Response> {
  const preloaded = (await event.preloadResponse) as Response | undefined;
  return preloaded ?? fetch(event.request);
}

/** Activates this version unless a run goes on in some tab: its code must not be swapped. */
async function takeOver(): Promise<boolean> {
  let isActive = false;
  const isFree = await ifNothingRuns(async () => {
    await worker.skipWaiting();
    const outcome = await Promise.race([activated.promise, pause(ACTIVATION_LIMIT_MS)]);
    isActive = outcome === 'activated';
  });
  if (isActive) await tidyUp();
  return isFree;
}

/**
 * Drops what earlier versions kept, unless a run goes on, which may still load a part of them. Nothing while
 * there is a later version: what it keeps looks no different.
 */
async function tidyUp(): Promise<void> {
  await ifNothingRuns(async () => {
    const engineFiles = await shell.match(ENGINE_FILES_PATH);
    const others = await shell.listOthers();
    // Asked after listing: a version that comes later has nothing on the list.
    if (isNextThere()) return;
    await shell.drop(others);
    if (engineFiles) await dropOldRuntimes((await engineFiles.json()) as EngineFiles);
    isTidy = true;
  });
}

/** Whether `work` was done: with the lock that every run shares. */
async function ifNothingRuns(work: () => Promise<void>): Promise<boolean> {
  return navigator.locks.request(
    CODE_LOCK,
    { mode: 'exclusive', ifAvailable: true },
    async (lock) => {
      if (lock) await work();
      return lock !== null;
    },
  );
}

async function tellPages(notice: WorkerNotice): Promise<void> {
  const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  for (const page of pages) page.postMessage(notice);
}

function pause(ms: number): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), ms));
}
