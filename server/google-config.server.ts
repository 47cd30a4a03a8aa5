// The part of the configuration that says where Pub/Sub and Firestore are. Checked, never asked: nothing is
// reached before the services start.
import * as v from 'valibot';

/** Where the services of Google's cloud are, for KINEMARK_PLATFORM=google. */
export type GoogleConfig = {
  readonly project: string;
  /** Ids, without the project's path. */
  readonly topic: string;
  readonly subscription: string;
  readonly deadLetterTopic: string;
  readonly deadLetterSubscription: string;
  /** How events are pushed to the worker; null where it pulls them. */
  readonly push: PushConfig | null;
  /** Id of the Firestore database. */
  readonly database: string;
};

/** What the token of a pushed event has to say. */
export type PushConfig = {
  readonly audience: string;
  /** E-mail of the service account that pushes. */
  readonly account: string;
};

/** Pub/Sub's rule for ids of topics and subscriptions. */
const RESOURCE_ID = /^(?!goog)[A-Za-z][\w.~+%-]{2,254}$/;
const RESOURCE_RULE = 'must be an id of 3 to 255 letters, digits and -_.~+%, without the project';
const PROJECT_ID = /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/;
const PROJECT_RULE = 'must be the id of a Google Cloud project';
const DATABASE_ID = /^(\(default\)|[a-z][a-z0-9-]{2,61}[a-z0-9])$/;
const DATABASE_RULE = 'must be the id of a Firestore database, or (default)';

const resourceId = (fallback: string) =>
  v.optional(v.pipe(v.string(), v.regex(RESOURCE_ID, RESOURCE_RULE)), fallback);

/** The variables, each by itself. */
export const googleEntries = {
  GOOGLE_CLOUD_PROJECT: v.optional(v.pipe(v.string(), v.regex(PROJECT_ID, PROJECT_RULE))),
  PUBSUB_TOPIC: resourceId('cv-metrics-topic'),
  PUBSUB_SUBSCRIPTION: resourceId('cv-metrics-worker'),
  PUBSUB_DEAD_LETTER_TOPIC: resourceId('cv-metrics-dead-letters'),
  PUBSUB_DEAD_LETTER_SUBSCRIPTION: resourceId('cv-metrics-dead-letters-worker'),
  PUBSUB_PUSH_AUDIENCE: v.optional(v.pipe(v.string(), v.url('must be an https URL'))),
  PUBSUB_PUSH_ACCOUNT: v.optional(
    v.pipe(v.string(), v.email('must be the e-mail address of a service account')),
  ),
  FIRESTORE_DATABASE: v.optional(
    v.pipe(v.string(), v.regex(DATABASE_ID, DATABASE_RULE)),
    '(default)',
  ),
};

type GoogleVariables = v.InferOutput<v.ObjectSchema<typeof googleEntries, undefined>>;

/** Puts the variables together. Throws an Error with the sentence for what is missing. */
export function readGoogleConfig(read: GoogleVariables): GoogleConfig {
  const project = read.GOOGLE_CLOUD_PROJECT;
  if (project === undefined) {
    throw new Error(
      'GOOGLE_CLOUD_PROJECT is not set, but KINEMARK_PLATFORM=google needs the id of a project',
    );
  }
  return {
    project,
    topic: read.PUBSUB_TOPIC,
    subscription: read.PUBSUB_SUBSCRIPTION,
    deadLetterTopic: read.PUBSUB_DEAD_LETTER_TOPIC,
    deadLetterSubscription: read.PUBSUB_DEAD_LETTER_SUBSCRIPTION,
    push: readPush(read.PUBSUB_PUSH_AUDIENCE, read.PUBSUB_PUSH_ACCOUNT),
    database: read.FIRESTORE_DATABASE,
  };
}

/** A token is checked for both or the worker pulls: half a check would let strangers in. */
function readPush(audience: string | undefined, account: string | undefined): PushConfig | null {
  if (audience !== undefined && account !== undefined) return { audience, account };
  if (audience === undefined && account === undefined) return null;
  const missing = audience === undefined ? 'PUBSUB_PUSH_AUDIENCE' : 'PUBSUB_PUSH_ACCOUNT';
  throw new Error(
    `${missing} is not set, but a pushed event is checked for audience and account: set both, or none to pull`,
  );
}
