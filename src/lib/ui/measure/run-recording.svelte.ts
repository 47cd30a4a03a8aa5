// What becomes of one run of the measuring page: whether it is stored on this device, and whether the
// dashboard has it.
import type { RunStart } from '../../benchmark/run-benchmark.ts';
import type { RunResult } from '../../benchmark/run-result.ts';
import type { WindowSummary } from '../../benchmark/window-accumulator.ts';
import type { SkeletonId } from '../../pose/skeletons.ts';
import { holdRunLock } from '../../storage/run-lock.ts';
import { isOutOfRoom } from '../../storage/with-room.ts';
import { deviceServices } from '../device-services.ts';
import type { DeviceServices } from '../device-services.ts';
import { createRunRecorder } from '../run-recorder.ts';
import type { RunRecorder } from '../run-recorder.ts';

/** Longer than any other page needs to swap its code, so that something else must be the matter. */
const LOCK_PATIENCE_MS = 1000;

const WAITS_BEHIND_NEWER =
  'A newer version of Kinemark waits until another run of this browser is stored, and this run waits behind it. Let that run end, or cancel this one and load the page anew.';
const FULL =
  'The storage of this browser is full, so this run is not kept. Free some space and load the page anew.';
const DENIED =
  'This browser denies storage to the page, so this run is not kept. Allow it, or leave private mode.';

/**
 * What became of a finished run's events. `held`: storage refuses them, so they are in this tab alone;
 * `unauthorised`: the server wants another token; `refused`: it will never take some of them; `not-kept`: the page
 * could store nothing from the start, and the recording's `problem` says why.
 */
export type Delivery =
  'sending' | 'delivered' | 'waiting' | 'unauthorised' | 'refused' | 'held' | 'not-kept';

/** Records one run. Methods but `begin` never throw. */
export class RunRecording {
  delivery = $state<Delivery>('sending');
  /** What of the run cannot be stored, or what it waits for, and what to do, as a sentence; null while all is well. */
  problem = $state<string | null>(null);

  readonly runId: string;
  readonly #start: () => Promise<DeviceServices>;
  #services: DeviceServices | null = null;
  #recorder: RunRecorder | null = null;
  /** The run is over, and its end is being stored. */
  #isEnding = false;
  #isForgotten = false;
  #unfollow: () => void = () => undefined;
  readonly #askToStay = (event: BeforeUnloadEvent): void => event.preventDefault();

  constructor(runId: string, start = deviceServices) {
    this.runId = runId;
    this.#start = start;
  }

  /**
   * To be awaited before the run starts. Where the page can store nothing `problem` says why; the run may go on, and
   * is not kept. Rejects with the reason of `signal` when that is aborted first.
   */
  async begin(skeleton: SkeletonId, signal: AbortSignal): Promise<void> {
    try {
      const services = await this.#start();
      const release = await this.#holdLock(signal);
      if (services.problem !== null) {
        release();
        this.problem = services.problem;
        return;
      }
      const { deviceId, runs, retention, uploader } = services;
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
    } catch (cause) {
      signal.throwIfAborted();
      this.problem = whyNotKept(cause);
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

  /** Says so where others must end first. */
  async #holdLock(signal: AbortSignal): Promise<() => void> {
    const timer = setTimeout(() => (this.problem = WAITS_BEHIND_NEWER), LOCK_PATIENCE_MS);
    try {
      return await holdRunLock(this.runId, signal);
    } finally {
      clearTimeout(timer);
      this.problem = null;
    }
  }

  async #look(services: DeviceServices): Promise<void> {
    try {
      const delivery = await this.#read(services);
      // Another look may have been faster.
      if (!this.#isSettled) this.delivery = delivery;
    } catch {
      // The run is stored; who can read it sends it.
      if (this.delivery === 'sending') this.delivery = 'waiting';
      this.problem = services.problem ?? this.problem;
    }
    if (this.#isSettled) this.#unfollow();
  }

  async #read({ rejected, waitingByRun, uploader }: DeviceServices): Promise<Delivery> {
    // In the order in which an event goes from the one to the other: else it could be seen in neither.
    const waiting = await waitingByRun();
    const refused = await rejected.list();
    if (refused.some(({ event }) => event.subject === this.runId)) return 'refused';
    if (!waiting.has(this.runId)) return 'delivered';
    return uploader.state.kind === 'unauthorised' ? 'unauthorised' : 'waiting';
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

/** Errors of our own are sentences; the browser's are not. */
function whyNotKept(cause: unknown): string {
  if (isOutOfRoom(cause)) return FULL;
  return cause instanceof Error && !(cause instanceof DOMException) ? cause.message : DENIED;
}
