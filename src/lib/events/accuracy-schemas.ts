// How right the poses were; mirrors accuracy.ts and parity.ts in benchmark/.
import * as v from 'valibot';
import { count, fraction, nonNegative, positiveCount, shortText } from './field-schemas.ts';

/** COCO's. */
const JOINTS = 17;

const cocoMetrics = {
  images: count,
  people: count,
  ap: v.nullable(fraction),
  ap50: v.nullable(fraction),
  ap75: v.nullable(fraction),
  apMedium: v.nullable(fraction),
  apLarge: v.nullable(fraction),
  ar: v.nullable(fraction),
  ar50: v.nullable(fraction),
  ar75: v.nullable(fraction),
  arMedium: v.nullable(fraction),
  arLarge: v.nullable(fraction),
};

const joint = v.strictObject({
  joint: shortText,
  labelled: count,
  pck: v.nullable(fraction),
  medianDistance: v.nullable(nonNegative),
  meanOks: v.nullable(fraction),
});

export const accuracy = v.strictObject({
  ...cocoMetrics,
  meanOks: v.nullable(fraction),
  meanOksOfFound: v.nullable(fraction),
  pck: v.nullable(fraction),
  pckh: v.nullable(fraction),
  joints: v.pipe(v.array(joint), v.length(JOINTS)),
});

/** As it was told before clips had ground truth. */
export const earlierAccuracy = v.strictObject({
  ...cocoMetrics,
  meanOks: v.optional(accuracy.entries.meanOks, null),
  meanOksOfFound: v.optional(accuracy.entries.meanOksOfFound, null),
  pck: v.optional(accuracy.entries.pck, null),
  pckh: v.optional(accuracy.entries.pckh, null),
  joints: v.optional(v.pipe(v.array(joint), v.maxLength(JOINTS)), []),
});

export const parity = v.nullable(
  v.strictObject({
    frames: positiveCount,
    meanOks: fraction,
    maxDistance: v.nullable(nonNegative),
  }),
);
