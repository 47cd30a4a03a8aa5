// What a deployment consists of, as `deploy.sh --dry-run` prints it: queue, database, services, export.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { VARIABLES, readConfig } from '../../../server/config.server.ts';
import { MAX_ATTEMPTS } from '../../../server/broker/attempts.server.ts';
import { NEEDED, flag, printedCalls, says, type Call } from './fake-cloud.ts';

const PROJECT_ROOT = join(import.meta.dirname, '../../..');
const WORKER_URL = 'https://kinemark-worker-PROJECT_NUMBER.europe-west1.run.app';

let pull: readonly Call[];
let push: readonly Call[];

beforeAll(async () => {
  pull = await printedCalls(NEEDED);
  push = await printedCalls([...NEEDED, '--push', '--bigquery', 'kinemark']);
});

/** The only call with these words. */
function only(calls: readonly Call[], words: string): Call {
  const [found, ...more] = calls.filter((call) => says(call, words));
  if (!found || more.length > 0) throw new Error(`There is not one call with "${words}".`);
  return found;
}

function variablesOf(call: Call): Record<string, string> {
  const pairs = (flag(call, '--set-env-vars') ?? '').split(',');
  return Object.fromEntries(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}

test('events are delivered in order, and those that kill workers are put aside in the end', () => {
  const created = only(pull, 'subscriptions create cv-metrics-worker');
  expect(flag(created, '--topic')).toBe('cv-metrics-topic');
  expect(created).toContain('--enable-message-ordering');
  const updated = only(pull, 'subscriptions update cv-metrics-worker');
  // It cannot be changed, and gcloud refuses it.
  expect(updated.join(' ')).not.toContain('ordering');
  for (const call of [created, updated]) {
    expect(flag(call, '--dead-letter-topic')).toBe('cv-metrics-dead-letters');
    // Above the worker's own tries, which tell what went wrong.
    expect(Number(flag(call, '--max-delivery-attempts'))).toBeGreaterThan(2 * MAX_ATTEMPTS);
    expect(flag(call, '--ack-deadline')).toBe('60');
    expect(flag(call, '--expiration-period')).toBe('never');
  }
});

test('dead letters have no order and no dead letters', () => {
  const created = only(pull, 'subscriptions create cv-metrics-dead-letters-worker');
  expect(flag(created, '--topic')).toBe('cv-metrics-dead-letters');
  expect(created.join(' ')).not.toMatch(/ordering|dead-letter-topic|max-delivery/);
  expect(flag(created, '--expiration-period')).toBe('never');
});

test('what is pushed goes to the worker, signed, and has time', () => {
  const subscriptions = push.filter(
    (call) => says(call, 'subscriptions create') || says(call, 'subscriptions update'),
  );
  const ours = subscriptions.filter((call) => !call.includes('cv-metrics-topic-bigquery'));
  expect(ours).toHaveLength(4);
  const worker = only(push, 'run deploy kinemark-worker');
  const variables = variablesOf(worker);
  for (const call of ours) {
    expect(flag(call, '--ack-deadline')).toBe('600');
    expect(flag(call, '--push-endpoint')).toBe(`${WORKER_URL}/worker/push`);
    expect(flag(call, '--push-auth-token-audience')).toBe(variables['PUBSUB_PUSH_AUDIENCE']);
    expect(flag(call, '--push-auth-service-account')).toBe(variables['PUBSUB_PUSH_ACCOUNT']);
  }
  expect(Number(flag(worker, '--timeout'))).toBeGreaterThanOrEqual(600);
  expect(flag(worker, '--min-instances')).toBe('0');
});

test('who pulls is pushed to no more, always runs, and may compute without a request', () => {
  for (const call of pull.filter((each) => says(each, 'subscriptions update'))) {
    expect(flag(call, '--push-endpoint')).toBe('');
  }
  const worker = only(pull, 'run deploy kinemark-worker');
  expect(flag(worker, '--min-instances')).toBe('1');
  expect(worker).toContain('--no-cpu-throttling');
  expect(variablesOf(worker)).not.toHaveProperty('PUBSUB_PUSH_AUDIENCE');
});

test.each([
  ['pull', () => pull],
  ['push', () => push],
])('the services of a deployment that can %s understand their variables', (_, calls) => {
  const deployed = calls().filter((call) => says(call, 'run deploy'));
  const roles = deployed.map((call) => {
    const variables = variablesOf(call);
    expect(VARIABLES).toEqual(expect.arrayContaining(Object.keys(variables)));
    const config = readConfig(variables);
    expect(config.google?.project).toBe('my-project');
    expect(`kinemark-${config.role}`).toBe(call[3]);
    expect(config.ingestUrl).toBe(
      config.role === 'dashboard'
        ? 'https://kinemark-ingest-PROJECT_NUMBER.europe-west1.run.app'
        : null,
    );
    return config.role;
  });
  expect(roles.toSorted()).toEqual(['dashboard', 'ingest', 'worker']);
  expect(new Set(deployed.map((call) => flag(call, '--image')))).toEqual(
    new Set(['registry.example/kinemark:1']),
  );
});

test('a service learns of what its role uses, and of nothing else', () => {
  const common = ['GOOGLE_CLOUD_PROJECT', 'KINEMARK_PLATFORM', 'KINEMARK_ROLE', 'LOG_LEVEL'];
  const named = Object.fromEntries(
    pull
      .filter((call) => says(call, 'run deploy'))
      .map((call) => [
        call[3],
        Object.keys(variablesOf(call)).filter((each) => !common.includes(each)),
      ]),
  );
  expect(named).toEqual({
    'kinemark-ingest': ['PUBSUB_TOPIC'],
    'kinemark-worker': [
      'PUBSUB_SUBSCRIPTION',
      'PUBSUB_DEAD_LETTER_TOPIC',
      'PUBSUB_DEAD_LETTER_SUBSCRIPTION',
      'FIRESTORE_DATABASE',
    ],
    'kinemark-dashboard': ['FIRESTORE_DATABASE', 'INGEST_URL'],
  });
});

test('names of resources are those of the server: by default, and when they are chosen', async () => {
  const { google } = readConfig({
    KINEMARK_PLATFORM: 'google',
    GOOGLE_CLOUD_PROJECT: 'my-project',
  });
  const usual = JSON.stringify(pull);
  if (!google) throw new Error('The server knows no resources.');
  const { topic, subscription, deadLetterTopic, deadLetterSubscription, database } = google;
  for (const name of [topic, subscription, deadLetterTopic, deadLetterSubscription]) {
    expect(usual).toContain(`"${name}"`);
  }
  expect(usual).toContain(`--database=${database}`);
  const chosen = {
    PUBSUB_TOPIC: 'my-topic',
    PUBSUB_SUBSCRIPTION: 'my-subscription',
    PUBSUB_DEAD_LETTER_TOPIC: 'my-letters',
    PUBSUB_DEAD_LETTER_SUBSCRIPTION: 'my-letters-worker',
    FIRESTORE_DATABASE: 'my-database',
  };
  const calls = await printedCalls(NEEDED, chosen);
  const text = JSON.stringify(calls);
  expect(text).not.toMatch(/cv-metrics|\(default\)/);
  for (const value of Object.values(chosen)) expect(text).toContain(value);
  // Rules of a database with a name are released under that name.
  expect(text).toContain('releases/cloud.firestore/my-database"');
});

test('the database has the exemptions of firestore.indexes.json, and the rules of firestore.rules', () => {
  const file = join(PROJECT_ROOT, 'deploy/gcp/firestore.indexes.json');
  const { indexes, fieldOverrides } = JSON.parse(readFileSync(file, 'utf8')) as {
    indexes: unknown[];
    fieldOverrides: { collectionGroup: string; fieldPath: string; indexes: unknown[] }[];
  };
  const exempted = pull
    .filter((call) => says(call, 'indexes fields update'))
    .map((call) => {
      expect(call).toContain('--disable-indexes');
      return { collectionGroup: flag(call, '--collection-group'), fieldPath: call[5], indexes: [] };
    });
  expect(exempted).toEqual(fieldOverrides);
  expect(indexes).toEqual([]);

  const posted = only(pull, 'https://firebaserules.googleapis.com/v1/projects/my-project/rulesets');
  const body = JSON.parse(flag(posted, '--data-raw') ?? '') as {
    source: { files: { content: string }[] };
  };
  const rules = readFileSync(join(PROJECT_ROOT, 'deploy/gcp/firestore.rules'), 'utf8');
  expect(body.source.files.map(({ content }) => content)).toEqual([rules.trimEnd()]);
});

test('in BigQuery an event is JSON, with what Pub/Sub knows of it', () => {
  expect(pull.filter(([program]) => program === 'bq')).toEqual([]);
  const table = only(push, 'mk --table');
  expect(table.at(-2)).toBe('my-project:kinemark.events');
  expect(table.at(-1)).toContain('data:JSON,attributes:JSON');
  const subscription = only(push, 'subscriptions create cv-metrics-topic-bigquery');
  expect(flag(subscription, '--bigquery-table')).toBe('my-project:kinemark.events');
  expect(subscription).toContain('--write-metadata');
});
