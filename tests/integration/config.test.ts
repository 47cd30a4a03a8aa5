// What the environment may say, and the sentence for what it may not.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, VARIABLES, readConfig } from '../../server/config.server.ts';

test('an empty environment gives the defaults', () => {
  const defaults = {
    port: 3000,
    host: '127.0.0.1',
    dataFolder: join(process.cwd(), 'data'),
    logLevel: 'warn',
    modelMirror: null,
    role: 'all',
    google: null,
    ingestUrl: null,
  };
  expect(readConfig({})).toEqual(defaults);
  const empty = { PORT: '', HOST: '', KINEMARK_DATA: '', LOG_LEVEL: '', KINEMARK_MODEL_MIRROR: '' };
  expect(readConfig(empty)).toEqual(defaults);
});

test('every variable is read', () => {
  const environment = {
    PORT: '0',
    HOST: '::',
    KINEMARK_DATA: '/srv/kinemark',
    LOG_LEVEL: 'info',
    KINEMARK_MODEL_MIRROR: 'http://mirror.local/models/',
    KINEMARK_ROLE: 'dashboard',
    KINEMARK_PLATFORM: 'google',
    INGEST_URL: 'https://ingest.example/',
    GOOGLE_CLOUD_PROJECT: 'a-project',
    PUBSUB_TOPIC: 'a-topic',
    PUBSUB_SUBSCRIPTION: 'a-subscription',
    PUBSUB_DEAD_LETTER_TOPIC: 'a-dead-topic',
    PUBSUB_DEAD_LETTER_SUBSCRIPTION: 'a-dead-subscription',
    PUBSUB_PUSH_AUDIENCE: 'https://worker.example',
    PUBSUB_PUSH_ACCOUNT: 'pusher@a-project.iam.gserviceaccount.com',
    FIRESTORE_DATABASE: 'a-database',
  };
  expect(Object.keys(environment).toSorted()).toEqual(VARIABLES.toSorted());
  expect(readConfig(environment)).toEqual({
    port: 0,
    host: '::',
    dataFolder: '/srv/kinemark',
    logLevel: 'info',
    modelMirror: 'http://mirror.local/models',
    role: 'dashboard',
    ingestUrl: 'https://ingest.example',
    google: {
      project: 'a-project',
      topic: 'a-topic',
      subscription: 'a-subscription',
      deadLetterTopic: 'a-dead-topic',
      deadLetterSubscription: 'a-dead-subscription',
      push: {
        audience: 'https://worker.example',
        account: 'pusher@a-project.iam.gserviceaccount.com',
      },
      database: 'a-database',
    },
  });
});

test.each([
  [{ PORT: 'http' }, 'PORT is "http", but must be a whole number from 0 to 65535'],
  [{ PORT: '-1' }, 'PORT is "-1", but must be a whole number'],
  [{ PORT: '65536' }, 'PORT is "65536", but must be a whole number'],
  [{ PORT: '80.5' }, 'PORT is "80.5", but must be a whole number'],
  [{ HOST: 'http://here' }, 'HOST is "http://here", but must be a host name or an IP address'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL is "loud", but must be one of silent, fatal, error, warn'],
  [
    { KINEMARK_MODEL_MIRROR: 'mirror' },
    'KINEMARK_MODEL_MIRROR is "mirror", but must be an http or',
  ],
  [
    { KINEMARK_MODEL_MIRROR: 'ftp://a/b' },
    'KINEMARK_MODEL_MIRROR is "ftp://a/b", but must be an http',
  ],
  [{ KINEMARK_MODEL_MIRROR: 'http://a/?b=' }, 'but must be an http or https URL without a query'],
  [{ KINEMARK_ROLE: 'boss' }, 'KINEMARK_ROLE is "boss", but must be one of all, ingest, worker'],
  [{ KINEMARK_PLATFORM: 'aws' }, 'KINEMARK_PLATFORM is "aws", but must be one of local, google'],
  [
    { KINEMARK_ROLE: 'ingest' },
    'files can be used by one process only; set KINEMARK_PLATFORM=google',
  ],
  [
    { KINEMARK_PLATFORM: 'google' },
    'GOOGLE_CLOUD_PROJECT is not set, but KINEMARK_PLATFORM=google',
  ],
  [
    { GOOGLE_CLOUD_PROJECT: 'A B' },
    'GOOGLE_CLOUD_PROJECT is "A B", but must be the id of a Google',
  ],
  [
    { PUBSUB_TOPIC: 'projects/a/topics/b' },
    'PUBSUB_TOPIC is "projects/a/topics/b", but must be an id',
  ],
  [{ PUBSUB_TOPIC: 'goog-topic' }, 'PUBSUB_TOPIC is "goog-topic", but must be an id'],
  [{ FIRESTORE_DATABASE: 'X' }, 'FIRESTORE_DATABASE is "X", but must be the id of a Firestore'],
  [{ PUBSUB_PUSH_ACCOUNT: 'me' }, 'PUBSUB_PUSH_ACCOUNT is "me", but must be the e-mail address'],
  [
    {
      KINEMARK_PLATFORM: 'google',
      GOOGLE_CLOUD_PROJECT: 'a-project',
      PUBSUB_PUSH_ACCOUNT: 'pusher@a-project.iam.gserviceaccount.com',
    },
    'PUBSUB_PUSH_AUDIENCE is not set, but a pushed event is checked for audience and account',
  ],
  [
    { INGEST_URL: 'http://ingest.example' },
    'but must be an https URL without a path, or an http one',
  ],
  [{ INGEST_URL: 'https://ingest.example/a' }, 'but must be an https URL without a path'],
  [
    { INGEST_URL: 'http://127.0.0.1:3001' },
    'INGEST_URL is set, but KINEMARK_ROLE=all passes nothing on; leave it out, or set',
  ],
])('%o is refused by name', (environment, message) => {
  expect(() => readConfig(environment)).toThrow(ConfigError);
  expect(() => readConfig(environment)).toThrow(message);
});
