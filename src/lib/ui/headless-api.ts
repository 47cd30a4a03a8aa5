// The contract between the headless page and the program that drives it. Types only: both sides import it.
import type { RunRecipe } from '../benchmark/run-plan.ts';
import type { RunSummary } from '../benchmark/run-result.ts';
import type { MetricEvent } from '../events/metric-event.ts';
import type { AnnotatedImage } from '../metrics/coco-annotations.ts';
import type { Target } from '../models/target.ts';
import type { SkeletonId } from '../pose/skeletons.ts';

/** One line of a keypoint file: who was found in one frame; x and y in pixels of the upright frame. */
export type KeypointLine = {
  readonly frame: number;
  readonly ptsMs: number;
  readonly skeleton: SkeletonId;
  readonly poses: readonly {
    readonly score: number;
    readonly keypoints: readonly (readonly [x: number, y: number, score: number])[];
  }[];
};

/** A run as it leaves the page. `keypoints` is empty unless asked for. */
export type HeadlessOutcome = {
  readonly summary: RunSummary;
  readonly events: readonly MetricEvent[];
  readonly keypoints: readonly KeypointLine[];
};

/** What a call gave, or one sentence why it gave nothing: an exception would arrive with its stack. */
export type Reply<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

/** What a driver asks for: a recipe for the source that is open. */
export type HeadlessRequest = Omit<RunRecipe, 'target' | 'source'> & {
  readonly targetId: string;
  /** Of the frames that the recipe was made for; null takes the open source as it is. */
  readonly expectedDigest: string | null;
  readonly deviceId: string;
  readonly keypoints: boolean;
};

/** A way to run a model that the user brought. */
export type ImportedTarget = Pick<Target, 'id' | 'engine' | 'backend'>;

/** The page's interface to its driver, under `globalThis.kinemark`. A source stays open until the next. */
export type HeadlessApi = {
  /**
   * Opens and inspects the given file, or the built-in clip, whose ground truth the page has itself. Runs on
   * the file are compared with `truth`, if there is one, which must be about frames of this clip.
   */
  open(
    file: File | null,
    maxFrames: number | null,
    truth: readonly AnnotatedImage[] | null,
  ): Promise<Reply<null>>;
  /** Opens and inspects pictures; runs on them are compared with the ground truth, if there is one. */
  openImages(
    files: readonly File[],
    maxFrames: number | null,
    truth: readonly AnnotatedImage[] | null,
  ): Promise<Reply<null>>;
  /**
   * Reads a model's files and keeps them; `pipeline` null takes the best guess. Gives the targets that may
   * be run from now on.
   */
  importModel(
    files: readonly File[],
    pipeline: string | null,
  ): Promise<Reply<readonly ImportedTarget[]>>;
  /**
   * Fetches the weights of all these targets, and what else their runs load. Gives nothing when some cannot be
   * had: their runs will say why.
   */
  prefetch(targetIds: readonly string[]): Promise<Reply<null>>;
  /** Measures a target on the open source. */
  run(request: HeadlessRequest): Promise<Reply<HeadlessOutcome>>;
  /** Runs the same engine on the open source with nothing around it; gives frames per second. */
  bareLoop(targetId: string): Promise<Reply<number>>;
};
