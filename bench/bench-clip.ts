// A clip to measure on, and who is annotated in it.
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { AnnotatedImage } from '../src/lib/metrics/coco-annotations.ts';
import { readAnnotations } from './annotations-file.ts';
import { BenchError } from './bench-error.ts';

/** A video; `path` null is the built-in actor. */
export type BenchClip = {
  readonly path: string | null;
  /** As people call it; of a file its name. */
  readonly name: string;
  /** Null without annotations; whoever plays the actor knows his truth. */
  readonly truth: readonly AnnotatedImage[] | null;
};

/** The clip that comes with Kinemark. */
export const ACTOR: BenchClip = { path: null, name: 'the actor clip', truth: null };

/**
 * The clips at these paths, without any the actor. Annotations are about one clip, and nothing in their format
 * says which, so then there must be one. Throws a BenchError naming what is wrong.
 */
export function readClips(
  paths: readonly string[] | undefined,
  annotationsPath: string | null,
): readonly BenchClip[] {
  if (annotationsPath !== null && paths?.length !== 1) {
    throw new BenchError(
      paths
        ? `--annotations says who is in one clip, but there are ${paths.length}. Run each clip with its own annotations.`
        : '--annotations says who is in a clip or in pictures of your own, but there are none. Give them with --clip or --images.',
    );
  }
  if (!paths) return [ACTOR];
  paths.forEach(requireFile);
  const truth = annotationsPath === null ? null : readAnnotations(annotationsPath);
  return paths.map((path) => ({ path, name: basename(path), truth }));
}

function requireFile(path: string): void {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile()) return;
  const what = stats ? 'is not a file' : 'does not exist';
  throw new BenchError(`The clip ${path} ${what}. Give --clip the path of a video file.`);
}
