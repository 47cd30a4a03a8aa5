// Which annotated image is which frame of the source: of a clip by number, of a set of pictures by name.
import { CocoAnnotationsError } from './coco-annotations.ts';
import type { AnnotatedImage } from './coco-annotations.ts';
import type { AnnotatedPerson } from './coco-evaluation.ts';

/** A frame of the source, counted from 0, and everybody annotated in it: nobody is an annotation too. */
export type AnnotatedFrame = {
  readonly index: number;
  readonly people: readonly AnnotatedPerson[];
};

/** What the annotations of a clip must fit. Sizes are upright; a count that is not known is null. */
export type AnnotatedClip = {
  readonly frameCount: number | null;
  readonly widthPx: number;
  readonly heightPx: number;
};

const REMEDY = 'each image needs its own frame_index, counted from 0';

/**
 * The frames of a set of pictures, `fileNames` in the order of the source, as the images stand in the
 * annotations. Images that are not among the pictures are left out.
 */
export function framesOfPictures(
  images: readonly AnnotatedImage[],
  fileNames: readonly string[],
): AnnotatedFrame[] {
  const indices = new Map(fileNames.map((name, index) => [name, index]));
  return images.flatMap(({ fileName, people }) => {
    const index = indices.get(fileName);
    return index === undefined ? [] : [{ index, people }];
  });
}

/**
 * The frames of a clip, as the images stand in the annotations. An image's frame is its `frame_index`,
 * counted from 0. Where not every image has one it is its `frame_id`, and where not every image has that
 * either the last number in its `file_name`; these count from the smallest among them if that is 0 or 1, or
 * if they span just as many frames as the clip has. Throws a CocoAnnotationsError when that gives no frame
 * or two images the same, a frame beyond the clip's end, or when a picture's size is not the clip's.
 */
export function framesOfClip(
  images: readonly AnnotatedImage[],
  clip: AnnotatedClip,
): AnnotatedFrame[] {
  const indices = frameIndicesOf(images, clip.frameCount);
  const seen = new Set<number>();
  return images.map((image, i) => {
    const index = indices[i] as number;
    if (seen.has(index)) {
      throw new CocoAnnotationsError(
        `has more than one image for frame ${index} of the clip: ${REMEDY}`,
      );
    }
    seen.add(index);
    requireFit(image, index, clip);
    return { index, people: image.people };
  });
}

function requireFit(image: AnnotatedImage, index: number, clip: AnnotatedClip): void {
  if (clip.frameCount !== null && index >= clip.frameCount) {
    throw new CocoAnnotationsError(
      `annotates frame ${index} (from 0) of a clip that has ${clip.frameCount}: it belongs to another clip`,
    );
  }
  const widthPx = image.widthPx ?? clip.widthPx;
  const heightPx = image.heightPx ?? clip.heightPx;
  if (widthPx !== clip.widthPx || heightPx !== clip.heightPx) {
    throw new CocoAnnotationsError(
      `is about frames of ${widthPx} × ${heightPx} px, and those of the clip have ${clip.widthPx} × ${clip.heightPx}: it belongs to another clip, or to another size of it`,
    );
  }
}

function frameIndicesOf(
  images: readonly AnnotatedImage[],
  frameCount: number | null,
): readonly number[] {
  const indices = known(images.map(({ frameIndex }) => frameIndex));
  if (indices) return indices;
  const numbers =
    known(images.map(({ frameId }) => frameId)) ??
    known(images.map(({ fileName }) => lastNumberIn(fileName)));
  if (!numbers) {
    throw new CocoAnnotationsError(
      `does not say which image is which frame of the clip: ${REMEDY}`,
    );
  }
  const first = firstNumber(numbers, frameCount);
  return numbers.map((number) => number - first);
}

/** The number of the clip's first frame: guessed nowhere, since one frame off is wrong everywhere. */
function firstNumber(numbers: readonly number[], frameCount: number | null): number {
  const smallest = Math.min(...numbers);
  const spanned = Math.max(...numbers) - smallest + 1;
  if (smallest <= 1 || spanned === frameCount) return smallest;
  throw new CocoAnnotationsError(
    `numbers its frames from ${smallest}, so it is not known which one is the clip's first: ${REMEDY}`,
  );
}

function known(values: readonly (number | null)[]): readonly number[] | null {
  return values.every((value) => value !== null) ? values : null;
}

/** The last run of digits in a file's name, without folders and extension; null when it has none. */
function lastNumberIn(fileName: string): number | null {
  const stem = fileName.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, '');
  const digits = /(\d+)\D*$/.exec(stem)?.[1];
  const number = Number(digits);
  return digits !== undefined && Number.isSafeInteger(number) ? number : null;
}
