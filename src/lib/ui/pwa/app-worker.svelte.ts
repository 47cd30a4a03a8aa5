// The page's side of the service worker: registers it, says when a new version waits, and lets the user
// have it. A page that measures is never reloaded.
import { isOfKind } from '../../offline/worker-messages.ts';
import type {
  ActivateReply,
  ActivateRequest,
  WorkerNotice,
} from '../../offline/worker-messages.ts';

const WORKER_URL = '/service-worker.js';
/** The longest the page waits for a quiet moment before it registers, in ms. */
const QUIET_LIMIT_MS = 4000;
/** How often a run is looked for that must end first, in ms. */
const MEASURING_CHECK_MS = 1000;
/** A page may stay open for days; the browser itself looks for a new version only when one is opened. */
const UPDATE_CHECK_MS = 3_600_000;
/** How long the waiting version may take to answer, in ms. */
const REPLY_LIMIT_MS = 15_000;

/** `refused`: a run goes on in some tab. `superseded`: taken over elsewhere while this page measured. */
export type UpdateState = 'none' | 'ready' | 'activating' | 'refused' | 'superseded';

/** The service worker as a page sees it. Nothing here throws. */
export class AppWorker {
  update = $state<UpdateState>('none');
  /** Whether this page's requests go through the service worker, so that engines are kept when they load. */
  isControlling = $state(false);
  /** Why the app could not be kept for offline use, as a sentence; null when nothing is known to be wrong. */
  problem = $state<string | null>(null);

  #registration: ServiceWorkerRegistration | null = null;
  #isMeasuring: () => boolean = () => false;
  #wasAskedHere = false;

  /** Registers once the page is quiet. Without service workers (no secure page, some private modes) does nothing. */
  async register(): Promise<void> {
    if (!('serviceWorker' in navigator)) return;
    const container = navigator.serviceWorker;
    this.isControlling = container.controller !== null;
    container.addEventListener('controllerchange', () => this.#onControllerChange());
    container.addEventListener('message', ({ data }) => this.#onNotice(data as WorkerNotice));
    await this.#quietMoment();
    try {
      const registration = await container.register(WORKER_URL);
      this.#registration = registration;
      this.#watch(registration);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause);
      this.problem = `The app could not be kept for offline use because the browser refused its service worker (${reason}). Reload the page to try again.`;
    }
  }

  /** While `isMeasuring` says so, this page is not reloaded. Lasts until the returned function is called. */
  guard(isMeasuring: () => boolean): () => void {
    this.#isMeasuring = isMeasuring;
    return () => (this.#isMeasuring = () => false);
  }

  /** Activates the waiting version, if no run goes on in any tab; idle pages then reload. */
  async activate(): Promise<void> {
    const waiting = this.#registration?.waiting;
    if (!waiting) return;
    this.update = 'activating';
    this.#wasAskedHere = true;
    const reply = await askToActivate(waiting);
    if (reply?.activated) return;
    this.#wasAskedHere = false;
    this.update = 'refused';
  }

  /** Loads the version in use. For a page that has measured with an earlier one. */
  reload(): void {
    location.reload();
  }

  #watch(registration: ServiceWorkerRegistration): void {
    const look = (): void => {
      // The very first version waits for nobody.
      if (registration.waiting && registration.active) this.update = 'ready';
    };
    look();
    registration.addEventListener('updatefound', () => {
      registration.installing?.addEventListener('statechange', look);
    });
    let checkedMs = performance.now();
    document.addEventListener('visibilitychange', () => {
      const nowMs = performance.now();
      const isDue = nowMs - checkedMs > UPDATE_CHECK_MS;
      if (document.visibilityState !== 'visible' || !isDue || this.#isMeasuring()) return;
      checkedMs = nowMs;
      // Without a network there is no new version to be had.
      registration.update().catch(() => undefined);
    });
  }

  #onControllerChange(): void {
    const isFirst = !this.isControlling && !this.#wasAskedHere;
    this.isControlling = true;
    if (isFirst) return;
    if (this.#isMeasuring()) this.update = 'superseded';
    else location.reload();
  }

  #onNotice(notice: WorkerNotice): void {
    if (isOfKind(notice, 'install-failed')) this.problem = notice.reason;
  }

  /** What is fetched and written at an installation must not fall into a run. */
  async #quietMoment(): Promise<void> {
    await new Promise<void>((resolve) => {
      if ('requestIdleCallback' in globalThis) {
        requestIdleCallback(() => resolve(), { timeout: QUIET_LIMIT_MS });
      } else {
        setTimeout(resolve, QUIET_LIMIT_MS);
      }
    });
    while (this.#isMeasuring()) {
      await new Promise((resolve) => setTimeout(resolve, MEASURING_CHECK_MS));
    }
  }
}

/** The one of this page. */
export const appWorker = new AppWorker();

/** Null when there is no answer in time. */
function askToActivate(waiting: ServiceWorker): Promise<ActivateReply | null> {
  const { port1, port2 } = new MessageChannel();
  const request: ActivateRequest = { kind: 'activate' };
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data as ActivateReply);
    setTimeout(() => resolve(null), REPLY_LIMIT_MS);
    waiting.postMessage(request, [port2]);
  });
}
