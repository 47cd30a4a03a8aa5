// Where the frames come from, and who is known to be in them: the choice, and how it is opened for a run.
import type { AnnotatedFrame } from '../../metrics/annotated-frames.ts';
import type { AnnotatedImage } from '../../metrics/coco-annotations.ts';
import { openCamera } from '../../video/camera-source.ts';
import { openClip } from '../../video/clip-source.ts';
import type { FrameSource, SourceKind } from '../../video/frame-source.ts';
import { probeClip } from '../../video/probe-clip.ts';
import { fetchActorClip } from '../actor-clip.ts';
import { fetchActorTruth, readTruthFile, truthOfClip } from '../ground-truth.ts';

/** The chosen source, and what a quick look told of it. Sizes are upright. */
export type ChosenSource = {
  readonly kind: Exclude<SourceKind, 'images'>;
  readonly name: string;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Null of a camera, which goes on. */
  readonly announcedFrames: number | null;
  readonly durationMs: number | null;
};

/** A source ready for a run. */
export type OpenedSource = {
  readonly source: FrameSource;
  readonly truth: readonly AnnotatedFrame[] | null;
  /** Frees what was opened for this run. */
  release(): void;
};

/** How a run wants the source. */
export type OpenOptions = {
  readonly maxFrames: number | null;
  readonly signal: AbortSignal;
  /** Told while a clip is inspected: frames decoded so far and frames expected. */
  readonly onProgress: (decodedFrames: number, expectedFrames: number) => void;
};

/** What most models were trained on, and every camera has; phones would give four times as many pixels. */
const USUAL_CAMERA: MediaTrackConstraints = { width: { ideal: 1280 }, height: { ideal: 720 } };

/**
 * Methods throw sentences; a choice that fails leaves the one before as it was. One that is still going on
 * when another begins, a run does, or the page is left, comes too late: it gives null and changes nothing.
 */
export class SourceChoice {
  chosen = $state.raw<ChosenSource | null>(null);
  /** The name of the annotations that the user brought for the clip. */
  truthName = $state<string | null>(null);

  /** The file of a clip; null for a camera. */
  #file: File | null = null;
  #camera: FrameSource | null = null;
  #truth: readonly AnnotatedImage[] | null = null;
  /** Counts whatever makes a choice that is going on too late. */
  #turn = 0;

  /** Each of these gives the first frame, which is the receiver's to close. */
  async chooseActor(): Promise<VideoFrame | null> {
    const turn = this.#begin();
    const file = await fetchActorClip();
    return this.#chooseFile('actor', file, turn);
  }

  async chooseFile(file: File): Promise<VideoFrame | null> {
    return this.#chooseFile('clip', file, this.#begin());
  }

  /** Asks for permission if need be. The camera stays on until something else is chosen or it is closed. */
  async chooseCamera(): Promise<VideoFrame | null> {
    const turn = this.#begin();
    const camera = await openCamera(USUAL_CAMERA);
    try {
      const firstFrame = await firstFrameOf(camera);
      if (turn !== this.#turn) {
        firstFrame.close();
        camera.close();
        return null;
      }
      this.#turnCameraOff();
      this.#camera = camera;
      this.#file = null;
      this.#forgetTruth();
      const { name, widthPx, heightPx } = camera.info;
      const unknown = { announcedFrames: null, durationMs: null };
      this.chosen = { kind: 'camera', name, widthPx, heightPx, ...unknown };
      return firstFrame;
    } catch (cause) {
      camera.close();
      throw cause;
    }
  }

  /** Annotations of the chosen clip; whether they fit it is seen when it is opened. */
  async chooseTruth(file: File): Promise<void> {
    const { chosen } = this;
    const truth = await readTruthFile(file);
    if (chosen !== this.chosen) return;
    this.#truth = truth;
    this.truthName = file.name;
  }

  /** Opens what is chosen, of which there must be something. Throws the signal's reason when aborted. */
  async open({ maxFrames, signal, onProgress }: OpenOptions): Promise<OpenedSource> {
    this.#begin();
    if (this.#camera) return { source: this.#camera, truth: null, release: () => undefined };
    const { chosen } = this;
    if (!chosen || !this.#file)
      throw new Error('No source is chosen. Choose a clip or the camera.');
    const kind = chosen.kind;
    const source = await openClip(this.#file, { kind, maxFrames, signal, onProgress });
    try {
      const images = kind === 'actor' ? await fetchActorTruth() : this.#truth;
      const truth = images && truthOfClip(images, source.info);
      return { source, truth, release: () => source.close() };
    } catch (cause) {
      source.close();
      throw cause;
    }
  }

  /** Turns the camera off, also one that is about to come on. */
  close(): void {
    this.#begin();
    this.#turnCameraOff();
  }

  /** From now on whatever was going on comes too late. */
  #begin(): number {
    this.#turn += 1;
    return this.#turn;
  }

  #turnCameraOff(): void {
    this.#camera?.close();
    this.#camera = null;
  }

  async #chooseFile(kind: 'actor' | 'clip', file: File, turn: number): Promise<VideoFrame | null> {
    const { firstFrame, ...probe } = await probeClip(file);
    if (turn !== this.#turn) {
      firstFrame.close();
      return null;
    }
    this.#turnCameraOff();
    this.#file = file;
    this.#forgetTruth();
    this.chosen = { kind, name: file.name, ...probe };
    return firstFrame;
  }

  /** Annotations are of one clip. */
  #forgetTruth(): void {
    this.#truth = null;
    this.truthName = null;
  }
}

async function firstFrameOf(source: FrameSource): Promise<VideoFrame> {
  for await (const { frame } of source.frames()) return frame;
  throw new Error('The camera gives no pictures. Choose another camera, or a clip.');
}
