// A file of COCO keypoint annotations on disk.
import { readFileSync } from 'node:fs';
import { CocoAnnotationsError, readCocoAnnotations } from '../src/lib/metrics/coco-annotations.ts';
import type { AnnotatedImage } from '../src/lib/metrics/coco-annotations.ts';
import { BenchError } from './bench-error.ts';

/** The annotated images of the file, in the order of their ids. Throws a BenchError when it has none. */
export function readAnnotations(path: string): AnnotatedImage[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new BenchError(
      `The annotations ${path} cannot be read (${code}). Give --annotations a COCO keypoint file.`,
    );
  }
  try {
    return readCocoAnnotations(JSON.parse(text));
  } catch (cause) {
    const reason = reasonOf(cause);
    if (reason === null) throw cause;
    throw new BenchError(
      `The annotations ${path} cannot be used because the file ${reason}. Give --annotations a COCO keypoint file.`,
    );
  }
}

/** Completes "the file …"; null for what is no fault of the file. */
function reasonOf(cause: unknown): string | null {
  if (cause instanceof SyntaxError) return 'is not JSON';
  return cause instanceof CocoAnnotationsError ? cause.message : null;
}
