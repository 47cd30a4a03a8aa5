// Vectors of references, which the flatbuffers package leaves to generated code.
import type { Builder, Offset } from 'flatbuffers';

const UOFFSET_BYTES = 4;

/** Writes a vector that refers to the tables at `targets`, in that order. */
export function createOffsetVector(builder: Builder, targets: readonly Offset[]): Offset {
  builder.startVector(UOFFSET_BYTES, targets.length, UOFFSET_BYTES);
  // A Builder writes back to front.
  for (const target of targets.toReversed()) builder.addOffset(target);
  return builder.endVector();
}
