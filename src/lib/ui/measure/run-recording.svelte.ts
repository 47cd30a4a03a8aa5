// What becomes of one run of the measuring page: whether it is stored on this device, and whether the
// dashboard has it.
import type { RunStart } from '../../benchmark/run-benchmark.ts';
import type { RunResult } from '../../benchmark/run-result.ts';
import type { WindowSummary } from '../../benchmark/window-accumulator.ts';
import type { SkeletonId } from '../../pose/skeletons.ts';
import { holdRunLock } from '../../storage/run-lock.ts';
import { deviceServices } from '../device-services.ts';
import type { DeviceServices } from '../device-services.ts';
import { createRunRecorder } from '../run-recorder.ts';
import type { RunRecorder } from '../run-recorder.ts';

/**
 * What became of a finished run's events. `held`: storage refuses them, so they are in this tab alone;
 * `unauthorised`: the server wants another token; `refused`: it will never take some of them.
 */
export type Delivery =
  'sending' | 'delivered' | 'waiting' | 'unauthorised' | 'refused' | 'held' | 'not-kept';

/** Records one run. Methods never throw. */
export class RunRecording {
  delivery = $state<Delivery>('sending');
  /** What of the run could not be stored, and what to do, as a sentence; null while all is well. */
  problem = $state<string | null>(null);

  readonly runId: string;
  #services: DeviceServices | null = null;
  #recorder: RunRecorder | null = null;
  /** The run is over, and its end is being stored. */
  #isEnding = false;
  #isForgotten = false;
  #unfollow: () => void = () => undefined;
  readonly #askToStay = (event: BeforeUnloadEvent): void => event.preventDefault();

  constructor(runId: string) {
    this.runId = runId;
  }

  /** To be awaited before the run starts. Where the browser denies storage the run goes on, and is not kept. */
  async begin(skeleton: SkeletonId): Promise<void> {
    try {
      const services = await deviceServices();
      const { deviceId, runs, retention, uploader } = services;
      const release = await holdRunLock(this.runId);
      this.#services = services;
      this.#recorder = createRunRecorder({
        runId: this.runId,
        deviceId,
        skeleton,
        store: runs,
        retention,
        release,
        onStored: () => {
          services.changed();
          void uploader.flush();
        },
        onProblem: (sentence) => this.#tell(sentence),
      });
    } catch {
      this.#recorder = null;
    }
  }

  onStart(start: RunStart): void {
    this.#recorder?.onStart(start);
  }

  onWindow(window: WindowSummary): void {
    this.#recorder?.onWindow(window);
  }

  /** Stores the run's end and follows its events until the dashboard has them. */
  async deliver(result: RunResult): Promise<void> {
    if (!this.#recorder || !this.#services) {
      this.delivery = 'not-kept';
      return;
    }
    const services = this.#services;
    const { uploader, keptRun, subscribe } = services;
    this.#isEnding = true;
    this.#tell(this.problem);
    await this.#recorder.finish(result);
    this.#guardTab(false);
    this.#isEnding = false;
    this.delivery = 'sending';
    // Now there is something to lose.
    void keptRun();
    await uploader.flush();
    const look = () => this.#look(services);
    await look();
    if (!this.#isSettled && !this.#isForgotten) this.#unfollow = subscribe(() => void look());
  }

  /** There will be no result: the run broke off before it began. */
  abandon(): void {
    void this.#recorder?.abandon().then(() => this.#guardTab(false));
  }

  /** Another run takes this one's place on the page. What waits is still stored and sent. */
  forget(): void {
    this.#isForgotten = true;
    this.#unfollow();
  }

  get #isSettled(): boolean {
    return this.delivery === 'delivered' || this.delivery === 'refused';
  }

  async #look({ rejected, waitingEvents, uploader }: DeviceServices): Promise<void> {
    try {
      const refused = await rejected.list();
      if (refused.some(({ event }) => event.subject === this.runId)) this.delivery = 'refused';
      else if ((await waitingEvents()) === 0) this.delivery = 'delivered';
      else this.delivery = uploader.state.kind === 'unauthorised' ? 'unauthorised' : 'waiting';
    } catch {
      // What was said last still stands.
    }
    if (this.#isSettled) this.#unfollow();
  }

  #tell(sentence: string | null): void {
    this.problem = sentence;
    if (this.#isEnding) this.delivery = sentence === null ? 'sending' : 'held';
    this.#guardTab(sentence !== null);
  }

  /** Until what waits is stored the tab is all there is, and the browser asks before it closes it. */
  #guardTab(isOn: boolean): void {
    if (isOn) addEventListener('beforeunload', this.#askToStay);
    else removeEventListener('beforeunload', this.#askToStay);
  }
}
