// What the page of this device shows: read anew whenever something stored has changed, in whichever tab.
import type { DeliveryState } from '../../events/uploader.ts';
import { bytesOfPaths, readEngineFiles } from '../../offline/engine-files.ts';
import { forgetRuntimes, keptRuntimePaths } from '../../offline/runtime-cache.ts';
import type { ReadyTarget } from '../../offline/runtime-cache.ts';
import type { RejectedEntry } from '../../storage/rejected-store.ts';
import type { StorageUsage } from '../../storage/retention.ts';
import { listKept } from '../../weights/kept-weights.ts';
import { deviceServices } from '../device-services.ts';
import type { DeviceServices } from '../device-services.ts';
import { listOfflineTargets } from '../pwa/list-offline-targets.ts';
import { coalesce } from '../runs/coalesce.ts';
import { saveFile } from '../save-file.ts';
import { eventsOf } from './delivery-words.ts';
import { describeOwnRun } from './own-run-delivery.ts';
import type { OwnRun } from './own-run-delivery.ts';

/** What lies in Cache Storage, in bytes. */
export type KeptCode = {
  readonly weightsBytes: number;
  readonly runtimeBytes: number;
  /** What can be measured without a network: engine and weights are there. */
  readonly readyTargets: readonly ReadyTarget[];
};

/** What the last action in a card came to, as a sentence; `broken` when it failed. */
export type Outcome = { readonly text: string; readonly tone: 'quiet' | 'broken' };

/** Whether what is stored here was read. Where reading failed nothing is known, not even that there is nothing. */
export type Reading = 'pending' | 'done' | 'failed';

/** The cards that say what an action came to. */
type ActingCard = 'delivery' | 'storage';

/** Changes come in bursts while a run goes on. */
const REFRESH_DELAY_MS = 250;

/** Methods never throw: what goes wrong ends in `problem`, or in the outcome of the action, as a sentence. */
export class DeviceFacts {
  /** Null until it was read, and where the browser denies storage. */
  usage = $state.raw<StorageUsage | null>(null);
  code = $state.raw<KeptCode | null>(null);
  runs = $state.raw<readonly OwnRun[]>([]);
  refused = $state.raw<readonly RejectedEntry[]>([]);
  /** Refused events that the user has discarded. */
  discardedEvents = $state(0);
  delivery = $state.raw<DeliveryState>({ kind: 'idle' });
  /** Why what is stored here cannot be read, or nothing be stored any more. */
  problem = $state<string | null>(null);
  outcomes = $state.raw<Readonly<Record<ActingCard, Outcome | null>>>({
    delivery: null,
    storage: null,
  });
  readonly appVersion = __APP_VERSION__;

  #hasTriedToRead = $state(false);
  #services: DeviceServices | null = null;

  /** How reading stands; where it failed, `problem` says why. */
  get reading(): Reading {
    if (this.usage) return 'done';
    return this.#hasTriedToRead ? 'failed' : 'pending';
  }

  /** Reads, and goes on reading, until the returned function is called. */
  follow(): () => void {
    const refreshes = coalesce(() => this.#read(), REFRESH_DELAY_MS);
    const stops = [refreshes.stop];
    void (async () => {
      try {
        this.#services = await deviceServices();
        stops.push(
          this.#services.subscribe(refreshes.request),
          this.#services.uploader.subscribe((state) => (this.delivery = state)),
        );
      } catch (cause) {
        this.problem = sentenceOf(
          cause,
          'This browser denies storage to the page. Allow it, or leave private mode.',
        );
      }
      await this.#read();
    })();
    return () => stops.forEach((stop) => stop());
  }

  /** Sends what waits now, whatever was being waited for. */
  sendNow(): void {
    this.#services?.sendNow();
  }

  async exportRefused(): Promise<void> {
    await this.#act('delivery', async ({ rejected }) => {
      saveFile('kinemark-refused-events.json', await rejected.exportJson());
      return null;
    });
  }

  async retryRefused(): Promise<void> {
    await this.#act('delivery', async ({ rejected, uploader }) => {
      const keys = this.refused.map(({ key }) => key);
      await rejected.retry(keys);
      void uploader.resume();
      return `Put back among what waits to be sent: ${eventsOf(keys.length)}.`;
    });
  }

  async discardRefused(): Promise<void> {
    await this.#act('delivery', async ({ rejected }) => {
      const keys = this.refused.map(({ key }) => key);
      await rejected.remove(keys);
      return `Discarded: ${eventsOf(keys.length)}.`;
    });
  }

  async persist(): Promise<void> {
    await this.#act('storage', async ({ persist }) => {
      const answer = await persist();
      return answer
        ? 'The browser keeps what is stored here until you remove it.'
        : 'The browser may still remove what is stored here when space runs out. Installing the app, or using it more often, changes its mind.';
    });
  }

  /** Frees the raw samples of all runs that have ended; their figures stay. */
  async freeSamples(): Promise<void> {
    await this.#act('storage', async ({ retention }) => {
      await retention.thinSamples(Infinity);
      return 'The raw samples are gone; every figure of the runs stays.';
    });
  }

  /** Forgets the engines' code; it is fetched again when a run needs it. */
  async freeRuntimes(): Promise<void> {
    await this.#act('storage', async () => {
      await forgetRuntimes();
      return 'The engines are gone; the next run fetches the one it needs.';
    });
  }

  /** What `action` returns is the outcome that its card shows, until the card's next action. */
  async #act(
    card: ActingCard,
    action: (services: DeviceServices) => Promise<string | null>,
  ): Promise<void> {
    const services = this.#services;
    if (!services) return;
    const tell = (outcome: Outcome | null): void =>
      void (this.outcomes = { ...this.outcomes, [card]: outcome });
    tell(null);
    try {
      const text = await action(services);
      services.changed();
      tell(text === null ? null : { text, tone: 'quiet' });
    } catch (cause) {
      const text = sentenceOf(
        cause,
        'That did not work because the browser’s storage failed, and nothing was changed. Reload the page and try again.',
      );
      tell({ text, tone: 'broken' });
    }
    await this.#read();
  }

  async #read(): Promise<void> {
    const services = this.#services;
    try {
      this.code = await readCode(services);
      if (!services) return;
      const [usage, stored, waiting, refused] = await Promise.all([
        services.retention.usage(),
        services.runs.list(),
        services.waitingByRun(),
        services.rejected.list(),
      ]);
      const refusedByRun = Map.groupBy(refused, ({ event }) => event.subject);
      this.usage = usage;
      this.refused = refused;
      this.discardedEvents = stored.reduce((sum, run) => sum + (run.discardedEvents ?? 0), 0);
      this.runs = stored.map((run) =>
        describeOwnRun(run, waiting.get(run.runId) ?? 0, refusedByRun.get(run.runId)?.length ?? 0),
      );
      this.problem = services.problem;
    } catch (cause) {
      this.problem = sentenceOf(cause, 'What is stored here cannot be read. Reload the page.');
    } finally {
      this.#hasTriedToRead = true;
    }
  }
}

async function readCode(services: DeviceServices | null): Promise<KeptCode> {
  const [weights, paths, engineFiles, ownModels] = await Promise.all([
    listKept(),
    keptRuntimePaths(),
    readEngineFiles(),
    services?.ownModels.list().catch(() => []) ?? [],
  ]);
  const readyTargets = engineFiles ? await listOfflineTargets(engineFiles, ownModels) : [];
  return {
    weightsBytes: weights.reduce((sum, { bytes }) => sum + bytes, 0),
    runtimeBytes: engineFiles ? bytesOfPaths(engineFiles, paths) : 0,
    readyTargets,
  };
}

/** Errors of our own are sentences; the browser's are not. */
function sentenceOf(cause: unknown, otherwise: string): string {
  return cause instanceof Error && !(cause instanceof DOMException) && /\.$/.test(cause.message)
    ? cause.message
    : otherwise;
}
