// What the page of this device shows: read anew whenever something stored has changed, in whichever tab.
import type { DeliveryState } from '../../events/uploader.ts';
import { bytesOfPaths, readEngineFiles } from '../../offline/engine-files.ts';
import { forgetRuntimes, keptRuntimePaths, listReady } from '../../offline/runtime-cache.ts';
import type { ReadyTarget } from '../../offline/runtime-cache.ts';
import type { RejectedEntry } from '../../storage/rejected-store.ts';
import type { StorageUsage } from '../../storage/retention.ts';
import { listKept } from '../../weights/kept-weights.ts';
import { deviceServices } from '../device-services.ts';
import type { DeviceServices } from '../device-services.ts';
import { coalesce } from '../runs/coalesce.ts';
import { saveFile } from '../save-file.ts';
import { describeOwnRun } from './own-run-delivery.ts';
import type { OwnRun } from './own-run-delivery.ts';

/** What lies in Cache Storage, in bytes. */
export type KeptCode = {
  readonly weightsBytes: number;
  readonly runtimeBytes: number;
  readonly readyTargets: readonly ReadyTarget[];
};

/** Changes come in bursts while a run goes on. */
const REFRESH_DELAY_MS = 250;

/** Methods never throw: what goes wrong ends in `problem`, as a sentence. */
export class DeviceFacts {
  /** Null until it was read, and where the browser denies storage. */
  usage = $state.raw<StorageUsage | null>(null);
  code = $state.raw<KeptCode | null>(null);
  runs = $state.raw<readonly OwnRun[]>([]);
  refused = $state.raw<readonly RejectedEntry[]>([]);
  delivery = $state.raw<DeliveryState>({ kind: 'idle' });
  problem = $state<string | null>(null);
  /** What the last action came to, as a sentence. */
  outcome = $state<string | null>(null);
  isRead = $state(false);
  readonly appVersion = __APP_VERSION__;

  #services: DeviceServices | null = null;

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
    await this.#act(async ({ rejected }) => {
      saveFile('kinemark-refused-events.json', await rejected.exportJson());
      return null;
    });
  }

  async retryRefused(): Promise<void> {
    await this.#act(async ({ rejected, uploader }) => {
      await rejected.retry(this.refused.map(({ key }) => key));
      void uploader.resume();
      return 'They wait to be sent again.';
    });
  }

  async discardRefused(): Promise<void> {
    await this.#act(async ({ rejected }) => {
      await rejected.remove(this.refused.map(({ key }) => key));
      return 'They are discarded.';
    });
  }

  async persist(): Promise<void> {
    await this.#act(async ({ persist }) => {
      const answer = await persist();
      return answer
        ? 'The browser keeps what is stored here until you remove it.'
        : 'The browser may still remove what is stored here when space runs out. Installing the app, or using it more often, changes its mind.';
    });
  }

  /** Frees the raw samples of all runs that have ended; their figures stay. */
  async freeSamples(): Promise<void> {
    await this.#act(async ({ retention }) => {
      await retention.thinSamples(Infinity);
      return 'The raw samples are gone; every figure of the runs stays.';
    });
  }

  /** Forgets the engines' code; it is fetched again when a run needs it. */
  async freeRuntimes(): Promise<void> {
    await this.#act(async () => {
      await forgetRuntimes();
      return 'The engines are gone; the next run fetches the one it needs.';
    });
  }

  async #act(action: (services: DeviceServices) => Promise<string | null>): Promise<void> {
    const services = this.#services;
    if (!services) return;
    this.outcome = null;
    try {
      this.outcome = await action(services);
      services.changed();
    } catch (cause) {
      this.problem = sentenceOf(cause, 'That did not work. Reload the page and try again.');
    }
    await this.#read();
  }

  async #read(): Promise<void> {
    const services = this.#services;
    try {
      this.code = await readCode();
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
      this.runs = stored.map((run) =>
        describeOwnRun(run, waiting.get(run.runId) ?? 0, refusedByRun.get(run.runId)?.length ?? 0),
      );
      this.problem = services.problem;
    } catch (cause) {
      this.problem = sentenceOf(cause, 'What is stored here cannot be read. Reload the page.');
    } finally {
      this.isRead = true;
    }
  }
}

async function readCode(): Promise<KeptCode> {
  const [weights, paths, engineFiles, readyTargets] = await Promise.all([
    listKept(),
    keptRuntimePaths(),
    readEngineFiles(),
    listReady(),
  ]);
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
