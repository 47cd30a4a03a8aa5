// The kinds of values in events. Strings are bounded, so that a valid event can never carry an image.
import * as v from 'valibot';

export const uuid = v.pipe(v.string(), v.uuid('must be a UUID'));
export const sha256 = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in lower-case hex'),
);
/** A name or a version, never prose. */
export const shortText = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
/** As long as file systems let a name be. */
export const fileName = v.pipe(v.string(), v.minLength(1), v.maxLength(255));
/** What, why, what to do; long enough for a user agent as well. */
export const sentence = v.pipe(v.string(), v.maxLength(500));

const TIME_RULE = 'must be an ISO 8601 time with a zone';
/** A moment, with its zone. */
export const isoTime = v.pipe(
  v.string(),
  v.isoTimestamp(TIME_RULE),
  v.check((text) => !Number.isNaN(Date.parse(text)), TIME_RULE),
);

/** Of frames, people, bytes. */
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const positiveCount = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
export const durationMs = v.pipe(v.number(), v.finite(), v.minValue(0));
/** In [0, 1]. */
export const fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
export const nonNegative = v.pipe(v.number(), v.finite(), v.minValue(0));
export const MAX_UINT32 = 2 ** 32 - 1;
