// A folder of pictures to measure on and, where there are some, COCO annotations of the people in them.
import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { AnnotatedImage } from '../src/lib/metrics/coco-annotations.ts';
import { readAnnotations } from './annotations-file.ts';
import { BenchError } from './bench-error.ts';

/** Pictures, and who is in them; `truth` null without annotations. */
export type ImageSet = {
  /** As people call it. */
  readonly name: string;
  readonly paths: readonly string[];
  readonly truth: readonly AnnotatedImage[] | null;
};

const IMAGE_EXTENSIONS = ['.jpg', '.jpeg', '.png', '.webp', '.bmp'];

/**
 * The pictures that lie in the folder itself, and the annotations of the given file. Throws a BenchError
 * when there are no pictures, or when the file is no COCO keypoint file of pictures that are all there.
 */
export function readImageSet(folder: string, annotationsPath: string | null): ImageSet {
  const names = readNames(folder).filter((name) =>
    IMAGE_EXTENSIONS.includes(extname(name).toLowerCase()),
  );
  if (names.length === 0) {
    throw new BenchError(
      `The folder ${folder} has no pictures (${IMAGE_EXTENSIONS.join(', ')}). Give --images a folder that has.`,
    );
  }
  const truth = annotationsPath === null ? null : readAnnotations(annotationsPath);
  if (truth) requireImages(truth, names, folder);
  return {
    name: `the pictures in ${folder}`,
    paths: names.map((name) => join(folder, name)),
    truth,
  };
}

function readNames(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map(({ name }) => name);
  } catch (cause) {
    throw new BenchError(
      `The folder ${folder} cannot be read (${codeOf(cause)}). Give --images a folder of pictures.`,
    );
  }
}

function requireImages(
  truth: readonly AnnotatedImage[],
  names: readonly string[],
  folder: string,
): void {
  const annotated = new Set(truth.map(({ fileName }) => fileName));
  if (annotated.size < truth.length) {
    throw new BenchError(
      'The annotations name one file for several images, so they cannot be told apart. Give --annotations a file with one file_name per image.',
    );
  }
  const present = new Set(names);
  const [first, ...others] = [...annotated].filter((name) => !present.has(name));
  if (first === undefined) return;
  const which = others.length === 0 ? first : `${first} and ${others.length} more`;
  throw new BenchError(
    `Not all annotated images are in ${folder}: it has no ${which}. Give --images the folder that has all ${annotated.size}.`,
  );
}

function codeOf(cause: unknown): string {
  return (cause as NodeJS.ErrnoException).code ?? String(cause);
}
