// The state of the measuring page: what is chosen, what is going on, what came of it.
import type { RunResult } from '../../benchmark/run-result.ts';
import type { EngineOptions } from '../../engines/pose-engine.ts';
import type { Target } from '../../models/target.ts';
import type { SkeletonId } from '../../pose/skeletons.ts';
import { openClip } from '../../video/clip-source.ts';
import { probeClip } from '../../video/probe-clip.ts';
import type { ClipProbe } from '../../video/probe-clip.ts';
import { fetchActorClip } from '../actor-clip.ts';
import { deviceServices } from '../device-services.ts';
import { hostRun } from '../host-run.ts';
import type { ObtainProgress } from '../../weights/obtain-files.ts';
import { createRunRecorder } from '../run-recorder.ts';
import type { RunRecorder } from '../run-recorder.ts';
import { createLiveReadout } from './live-readout.ts';
import type { Readout } from './live-readout.ts';
import type { PreviewPainter } from './preview-painter.ts';
import { TargetChoice } from './target-choice.svelte.ts';

/** What the page is doing. */
export type Phase = 'choosing' | 'inspecting' | 'downloading' | 'loading' | 'running';

/** What became of a finished run's events. */
export type Delivery = 'sending' | 'delivered' | 'waiting' | 'not-kept';

/** The chosen source, and what a quick look told of it. */
export type ChosenClip = {
  readonly kind: 'actor' | 'clip';
  readonly file: File;
  readonly probe: Omit<ClipProbe, 'firstFrame'>;
};

/** Drives one run at a time. Methods never throw: what goes wrong ends in `problem`, as a sentence. */
export class RunController {
  phase = $state<Phase>('choosing');
  readonly choice = new TargetChoice();
  clip = $state.raw<ChosenClip | null>(null);
  /** Share of the clip inspected so far, in [0, 1]. */
  inspected = $state(0);
  /** What has been fetched of the weights; null while nothing is. */
  download = $state.raw<ObtainProgress | null>(null);
  readout = $state.raw<Readout | null>(null);
  result = $state.raw<RunResult | null>(null);
  delivery = $state<Delivery>('sending');
  problem = $state<string | null>(null);

  readonly #painter: () => PreviewPainter | null;
  readonly #maxFrames: number | null;
  #abort: AbortController | null = null;

  /**
   * `painter` is asked for when there is something to show; null while the page has no canvas.
   * `maxFrames` ends runs early; null lets them go on to the end of the clip.
   */
  constructor(painter: () => PreviewPainter | null, maxFrames: number | null) {
    this.#painter = painter;
    this.#maxFrames = maxFrames;
  }

  get busy(): boolean {
    return this.phase !== 'choosing';
  }

  /** Chooses the built-in clip. */
  async chooseActor(): Promise<void> {
    try {
      await this.#choose('actor', await fetchActorClip());
    } catch (cause) {
      this.problem = sentenceOf(cause);
    }
  }

  /** Chooses a video file; one that cannot be used leaves the choice as it was. */
  async chooseFile(file: File): Promise<void> {
    await this.#choose('clip', file);
  }

  async #choose(kind: ChosenClip['kind'], file: File): Promise<void> {
    if (this.busy) return;
    this.problem = null;
    try {
      const { firstFrame, ...probe } = await probeClip(file);
      this.clip = { kind, file, probe };
      this.result = null;
      const painter = this.#painter();
      if (painter) painter.show(firstFrame, []);
      else firstFrame.close();
    } catch (cause) {
      this.problem = sentenceOf(cause);
    }
  }

  /** Ends what is going on. A run that had begun is kept as cancelled. */
  cancel(): void {
    this.#abort?.abort(new DOMException('The run was cancelled.', 'AbortError'));
  }

  /** Measures the chosen target on the chosen clip. */
  async run(): Promise<void> {
    if (this.busy || !this.clip || this.choice.obstacle !== null) return;
    const { target, options } = this.choice;
    const abort = new AbortController();
    this.#abort = abort;
    this.problem = null;
    this.result = null;
    this.readout = null;
    this.download = null;
    try {
      await this.#measure(this.clip, target, options, abort.signal);
    } catch (cause) {
      this.problem = abort.signal.aborted
        ? 'Cancelled before the first frame, so nothing was kept.'
        : sentenceOf(cause);
    } finally {
      this.#abort = null;
      this.phase = 'choosing';
      void this.choice.lookForWeights();
    }
  }

  async #measure(
    clip: ChosenClip,
    target: Target,
    options: EngineOptions,
    signal: AbortSignal,
  ): Promise<void> {
    this.phase = 'inspecting';
    this.inspected = 0;
    const source = await openClip(clip.file, {
      kind: clip.kind,
      maxFrames: this.#maxFrames,
      signal,
      onProgress: (decoded, expected) => (this.inspected = decoded / expected),
    });
    try {
      this.phase = 'loading';
      const runId = crypto.randomUUID();
      const recorder = await this.#createRecorder(runId, target.model.skeleton);
      const readout = createLiveReadout(source.info.deliverableFrames);
      const painter = this.#painter();
      const result = await hostRun({
        runId,
        source,
        target,
        options,
        maxFrames: this.#maxFrames,
        signal,
        onDownload: (progress) => {
          const { receivedBytes, totalBytes } = progress;
          this.phase = receivedBytes === totalBytes ? 'loading' : 'downloading';
          this.download = progress;
        },
        observer: {
          onStart: (start) => {
            this.phase = 'running';
            recorder?.onStart(start);
          },
          wantsPreview: () => painter?.isDue() ?? false,
          onFrame: (sample, preview) => {
            readout.add(sample);
            if (!preview) return;
            painter?.show(preview, sample.poses);
            // Figures change with the picture, so that the page is painted once for both.
            this.readout = readout.read() ?? this.readout;
          },
          onWindow: (window) => recorder?.onWindow(window),
        },
      });
      this.result = result;
      void this.#deliver(result, recorder);
    } finally {
      source.close();
    }
  }

  /** Null when the browser denies storage: the run goes on, and the result says it was not kept. */
  async #createRecorder(runId: string, skeleton: SkeletonId): Promise<RunRecorder | null> {
    try {
      const { deviceId, runs, uploader } = await deviceServices();
      return createRunRecorder({
        runId,
        deviceId,
        skeleton,
        store: runs,
        onStored: () => void uploader.flush(),
      });
    } catch {
      return null;
    }
  }

  async #deliver(result: RunResult, recorder: RunRecorder | null): Promise<void> {
    this.delivery = 'sending';
    try {
      if (!recorder) throw new Error('there is no recorder');
      await recorder.finish(result);
      const { uploader, waitingEvents } = await deviceServices();
      await uploader.flush();
      this.delivery = (await waitingEvents()) === 0 ? 'delivered' : 'waiting';
    } catch {
      this.delivery = 'not-kept';
    }
  }
}

function sentenceOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
