// Who really is in the frames: the actor's ground truth, and annotations of the user's own.
import { framesOfClip } from '../metrics/annotated-frames.ts';
import type { AnnotatedFrame } from '../metrics/annotated-frames.ts';
import { CocoAnnotationsError, readCocoAnnotations } from '../metrics/coco-annotations.ts';
import type { AnnotatedImage } from '../metrics/coco-annotations.ts';
import type { SourceInfo } from '../video/frame-source.ts';

const ACTOR_TRUTH_URL = '/clips/actor.gt.json';

/** The actor's true poses. Throws a sentence when this server does not have them. */
export async function fetchActorTruth(): Promise<readonly AnnotatedImage[]> {
  const response = await fetch(ACTOR_TRUTH_URL);
  if (response.ok) return readCocoAnnotations(await response.json());
  throw new Error(
    `The built-in clip's ground truth is not on this server (HTTP ${response.status}). Build Kinemark again, or choose a video file.`,
  );
}

/** A file of COCO keypoint annotations. Throws a sentence when it is none. */
export async function readTruthFile(file: File): Promise<readonly AnnotatedImage[]> {
  try {
    return readCocoAnnotations(JSON.parse(await file.text()));
  } catch (cause) {
    throw unusable(file.name, cause);
  }
}

/** The annotated frames of an opened clip. Throws a sentence when they are those of another one. */
export function truthOfClip(
  images: readonly AnnotatedImage[],
  { frameCount, widthPx, heightPx }: SourceInfo,
): readonly AnnotatedFrame[] {
  try {
    return framesOfClip(images, { frameCount, widthPx, heightPx });
  } catch (cause) {
    throw unusable('The ground truth', cause);
  }
}

function unusable(what: string, cause: unknown): unknown {
  if (cause instanceof SyntaxError) {
    return new Error(`${what} is not JSON. Choose a COCO keypoint file of this clip.`);
  }
  if (!(cause instanceof CocoAnnotationsError)) return cause;
  return new Error(`${what} ${cause.message}. Choose a COCO keypoint file of this clip.`);
}
