// The state of the measuring page: what is chosen, what is going on, what came of it.
import { durationLimit } from '../../benchmark/repeat-frames.ts';
import { plannedFramesOf } from '../../benchmark/run-benchmark.ts';
import { MIN_DURATION_MS, WINDOW_MS } from '../../benchmark/run-plan.ts';
import type { RunRecipe } from '../../benchmark/run-plan.ts';
import type { RunResult } from '../../benchmark/run-result.ts';
import { RecipeError, readRecipes } from '../../events/read-recipe.ts';
import type { Target } from '../../models/target.ts';
import type { ObtainProgress } from '../../weights/obtain-files.ts';
import { hostRun } from '../host-run.ts';
import type { RunConditions } from '../host-run.ts';
import { createLiveReadout } from './live-readout.ts';
import type { Readout } from './live-readout.ts';
import type { PreviewPainter } from './preview-painter.ts';
import { RunRecording } from './run-recording.svelte.ts';
import { ScenarioChoice } from './scenario-choice.svelte.ts';
import { SourceChoice } from './source-choice.svelte.ts';
import type { OpenedSource } from './source-choice.svelte.ts';
import { TargetChoice } from './target-choice.svelte.ts';

/** What the page is doing. */
export type Phase = 'choosing' | 'inspecting' | 'downloading' | 'loading' | 'searching' | 'running';

/** Drives one run at a time. Methods never throw: what goes wrong ends in `problem`, as a sentence. */
export class RunController {
  phase = $state<Phase>('choosing');
  readonly choice = new TargetChoice();
  readonly scenario = new ScenarioChoice();
  readonly sources = new SourceChoice();
  /** The plan that is to be run again; null for a run of one's own. */
  recipe = $state.raw<RunRecipe | null>(null);
  /** Share of the clip inspected so far, in [0, 1]. */
  inspected = $state(0);
  /** What has been fetched of the weights; null while nothing is. */
  download = $state.raw<ObtainProgress | null>(null);
  readout = $state.raw<Readout | null>(null);
  result = $state.raw<RunResult | null>(null);
  /** Of the run that goes on, or of the last one; null before there was any. */
  recording = $state.raw<RunRecording | null>(null);
  problem = $state<string | null>(null);

  readonly #painter: () => PreviewPainter | null;
  readonly #maxFrames: number | null;
  readonly #windowMs: number;
  #abort: AbortController | null = null;

  /**
   * `painter` is asked for when there is something to show; null while the page has no canvas.
   * `maxFrames` ends runs early; null lets them go on to the end of the clip. `windowMs` cuts them into
   * shorter windows than usual, so that there are more events.
   */
  constructor(
    painter: () => PreviewPainter | null,
    maxFrames: number | null,
    windowMs = WINDOW_MS,
  ) {
    this.#painter = painter;
    this.#maxFrames = maxFrames;
    this.#windowMs = windowMs;
  }

  get busy(): boolean {
    return this.phase !== 'choosing';
  }

  /** Chooses the built-in clip. */
  async chooseActor(): Promise<void> {
    await this.#choose(() => this.sources.chooseActor());
  }

  /** Chooses a video file. */
  async chooseFile(file: File): Promise<void> {
    await this.#choose(() => this.sources.chooseFile(file));
  }

  /** Chooses the camera, and asks for it if need be. */
  async chooseCamera(): Promise<void> {
    await this.#choose(() => this.sources.chooseCamera());
  }

  /** Chooses annotations of the chosen clip. */
  async chooseTruth(file: File): Promise<void> {
    if (this.busy) return;
    this.problem = null;
    try {
      await this.sources.chooseTruth(file);
    } catch (cause) {
      this.problem = sentenceOf(cause);
    }
  }

  /** Sets everything as a plan asks for. A clip or a camera of the user's must still be chosen. */
  applyRecipe(recipe: RunRecipe): void {
    if (recipe.source.kind === 'images') {
      this.problem =
        'The plan is for pictures, which this page does not measure. Give it to npm run bench with --plan, and their folder with --images.';
      return;
    }
    if (!this.choice.apply(recipe)) {
      this.problem = `The plan is for ${recipe.target}, which this Kinemark does not have. Import that model and open the plan again, or choose another target.`;
      return;
    }
    this.scenario.apply(recipe);
    this.recipe = recipe;
    if (recipe.source.kind === 'actor') void this.chooseActor();
  }

  /** Opens a plan file, or the data of a run; of several runs the first. */
  async openPlan(file: File): Promise<void> {
    if (this.busy) return;
    this.problem = null;
    try {
      const [recipe] = readRecipes(JSON.parse(await file.text()));
      if (recipe) this.applyRecipe(recipe);
    } catch (cause) {
      const reason =
        cause instanceof RecipeError
          ? cause.message
          : cause instanceof SyntaxError
            ? 'is not JSON'
            : 'cannot be read';
      this.problem = `${file.name} ${reason}, so nothing was set. Choose the plan of a run.`;
    }
  }

  /** Back to a run of one's own: also what a plan asks for and the page has no control for is gone. */
  forgetRecipe(): void {
    this.recipe = null;
    this.choice.resetOptions();
    this.scenario.reset();
  }

  /** Ends what is going on. A run that had begun is kept as cancelled. */
  cancel(): void {
    this.#abort?.abort(new DOMException('The run was cancelled.', 'AbortError'));
  }

  /** Frees the camera, when the page is left. */
  close(): void {
    this.cancel();
    this.sources.close();
  }

  /** Measures the chosen target on the chosen source. */
  async run(): Promise<void> {
    if (this.busy || !this.sources.chosen || this.choice.obstacle !== null) return;
    const { target } = this.choice;
    const conditions = this.#conditions();
    const abort = new AbortController();
    this.#abort = abort;
    this.problem = null;
    this.result = null;
    this.readout = null;
    this.download = null;
    this.recording?.forget();
    const recording = new RunRecording(crypto.randomUUID());
    this.recording = recording;
    try {
      this.phase = 'inspecting';
      this.inspected = 0;
      await recording.begin(target.model.skeleton, abort.signal);
      const opened = await this.sources.open({
        maxFrames: conditions.maxFrames,
        signal: abort.signal,
        onProgress: (decoded, expected) => (this.inspected = decoded / expected),
      });
      try {
        await this.#measure(opened, target, conditions, recording, abort.signal);
      } finally {
        opened.release();
      }
    } catch (cause) {
      recording.abandon();
      this.problem = abort.signal.aborted
        ? 'Cancelled before the first frame, so nothing was kept.'
        : sentenceOf(cause);
    } finally {
      this.#abort = null;
      this.phase = 'choosing';
      void this.choice.lookForWeights();
    }
  }

  #conditions(): RunConditions {
    const { recipe } = this;
    const [seed = 0] = crypto.getRandomValues(new Uint32Array(1));
    return {
      options: this.choice.options,
      scenario: this.scenario.scenario,
      settings: this.scenario.settings,
      maxFrames: this.#limitFrames(),
      seed: recipe?.seed ?? seed,
      minDurationMs: recipe?.minDurationMs ?? MIN_DURATION_MS,
      expectedDigest: recipe?.source.framesDigest ?? null,
    };
  }

  /** A camera gives frames until its time is over. */
  #limitFrames(): number | null {
    if (this.sources.chosen?.kind === 'camera') return null;
    return this.recipe ? this.recipe.maxFrames : this.#maxFrames;
  }

  async #choose(choose: () => Promise<VideoFrame | null>): Promise<void> {
    if (this.busy) return;
    this.problem = null;
    try {
      const firstFrame = await choose();
      if (!firstFrame) return;
      this.scenario.isCamera = this.sources.chosen?.kind === 'camera';
      this.result = null;
      const painter = this.#painter();
      if (painter) painter.show(firstFrame, []);
      else firstFrame.close();
    } catch (cause) {
      this.problem = sentenceOf(cause);
    }
  }

  async #measure(
    { source, truth }: OpenedSource,
    target: Target,
    conditions: RunConditions,
    recording: RunRecording,
    signal: AbortSignal,
  ): Promise<void> {
    this.phase = 'loading';
    const readout = createLiveReadout({
      frames: plannedFramesOf(conditions, source),
      durationMs: durationLimit(source, conditions.settings),
    });
    const painter = this.#painter();
    const { scenario, settings } = conditions;
    const searchesFirst = scenario === 'multi-stream' && settings.streams === null;
    const afterRun = settings.findMaxFps ? 'searching' : 'running';
    const result = await hostRun({
      runId: recording.runId,
      source,
      target,
      conditions,
      truth,
      signal,
      windowMs: this.#windowMs,
      onDownload: (progress) => {
        const { receivedBytes, totalBytes } = progress;
        this.phase = receivedBytes === totalBytes ? 'loading' : 'downloading';
        this.download = progress;
      },
      observer: {
        onStart: (start) => {
          this.phase = searchesFirst ? 'searching' : 'running';
          recording.onStart(start);
        },
        wantsPreview: () => painter?.isDue() ?? false,
        onFrame: (sample, preview) => {
          readout.add(sample);
          if (!preview) return;
          painter?.show(preview, sample.poses);
          // Figures change with the picture, so that the page is painted once for both.
          this.readout = readout.read() ?? this.readout;
        },
        onDrop: () => readout.drop(),
        onMeasuring: (isMeasuring) => {
          this.phase = isMeasuring ? 'running' : afterRun;
        },
        onWindow: (window) => recording.onWindow(window),
      },
    });
    this.result = result;
    void recording.deliver(result);
  }
}

function sentenceOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
