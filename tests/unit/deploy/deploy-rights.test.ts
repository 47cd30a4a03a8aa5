// Who may do what after a deployment: the bindings that `deploy.sh --dry-run` prints, all of them.
import { beforeAll, expect, test } from 'vitest';
import { NEEDED, PROJECT_ID, flag, printedCalls, says, type Call } from './fake-cloud.ts';

const BUILD = [...NEEDED.slice(0, -2), '--build', 'a-tag'];
const DATABASE_CONDITION =
  'expression=resource.name=="projects/my-project/databases/(default)",title=Kinemark database';

const INGEST = 'kinemark-ingest@my-project.iam.gserviceaccount.com';
const WORKER = 'kinemark-worker@my-project.iam.gserviceaccount.com';
const DASHBOARD = 'kinemark-dashboard@my-project.iam.gserviceaccount.com';
const PUSHER = 'kinemark-pusher@my-project.iam.gserviceaccount.com';
const BUILDER = 'kinemark-build@my-project.iam.gserviceaccount.com';
const PUBSUB = 'service-PROJECT_NUMBER@gcp-sa-pubsub.iam.gserviceaccount.com';

/** What every deployment gives. */
const USUAL = [
  [INGEST, 'roles/pubsub.publisher', 'topics cv-metrics-topic'],
  [WORKER, 'roles/pubsub.subscriber', 'subscriptions cv-metrics-worker'],
  [WORKER, 'roles/pubsub.subscriber', 'subscriptions cv-metrics-dead-letters-worker'],
  [WORKER, 'roles/pubsub.publisher', 'topics cv-metrics-dead-letters'],
  [WORKER, 'roles/datastore.user', `projects ${PROJECT_ID} if ${DATABASE_CONDITION}`],
  [DASHBOARD, 'roles/datastore.viewer', `projects ${PROJECT_ID} if ${DATABASE_CONDITION}`],
  [DASHBOARD, 'roles/run.invoker', 'services kinemark-ingest'],
  [PUBSUB, 'roles/pubsub.publisher', 'topics cv-metrics-dead-letters'],
  [PUBSUB, 'roles/pubsub.subscriber', 'subscriptions cv-metrics-worker'],
];

/** Every binding: whose, which role, on what. */
function bindingsOf(calls: readonly Call[]): string[][] {
  return calls
    .filter((call) => call.includes('add-iam-policy-binding'))
    .map((call) => {
      const at = call.indexOf('add-iam-policy-binding');
      const kind = call[0] === 'bq' ? 'table' : (call[at - 1] ?? '');
      const name = call[0] === 'bq' ? (call.at(-1) ?? '') : (call[at + 1] ?? '');
      const condition = flag(call, '--condition');
      const where = condition === undefined || condition === 'None' ? '' : ` if ${condition}`;
      const member = flag(call, '--member') ?? '';
      expect(member).toMatch(/^serviceAccount:/);
      return [
        member.slice('serviceAccount:'.length),
        flag(call, '--role') ?? '',
        `${kind} ${name}${where}`,
      ];
    });
}

let pull: readonly Call[];
let push: readonly Call[];
let all: readonly Call[];

beforeAll(async () => {
  pull = await printedCalls(NEEDED);
  push = await printedCalls([...NEEDED, '--push']);
  all = await printedCalls([...BUILD, '--push', '--bigquery', 'kinemark', '--public-dashboard']);
});

test('each account has the rights of its role, and no others', () => {
  expect(bindingsOf(pull).toSorted()).toEqual(USUAL.toSorted());
});

test('where events are pushed, Pub/Sub calls the worker as an account that can do nothing else', () => {
  const pusher = [PUSHER, 'roles/run.invoker', 'services kinemark-worker'];
  expect(bindingsOf(push).toSorted()).toEqual([...USUAL, pusher].toSorted());
});

test('a build and BigQuery add rights of their own, and widen none', () => {
  const more = [
    [PUSHER, 'roles/run.invoker', 'services kinemark-worker'],
    [BUILDER, 'roles/artifactregistry.writer', 'repositories kinemark'],
    [BUILDER, 'roles/storage.objectViewer', 'buckets gs://my-project-kinemark-build'],
    [BUILDER, 'roles/logging.logWriter', `projects ${PROJECT_ID}`],
    [PUBSUB, 'roles/bigquery.dataEditor', 'table my-project:kinemark.events'],
  ];
  expect(bindingsOf(all).toSorted()).toEqual([...USUAL, ...more].toSorted());
});

test('only the dashboard can become public, and only if it is asked for', () => {
  const publicServices = (calls: readonly Call[]) =>
    calls.filter((call) => call.includes('--allow-unauthenticated')).map((call) => call[3]);
  const deployed = pull.filter((call) => says(call, 'run deploy'));
  expect(deployed.map((call) => call[3]).toSorted()).toEqual([
    'kinemark-dashboard',
    'kinemark-ingest',
    'kinemark-worker',
  ]);
  for (const call of deployed) expect(call).toContain('--no-allow-unauthenticated');
  expect(publicServices(push)).toEqual([]);
  expect(publicServices(all)).toEqual(['kinemark-dashboard']);
  expect(JSON.stringify(all)).not.toMatch(/allUsers|allAuthenticatedUsers/);
});

test('every service runs as its own account, and no key is made', () => {
  for (const call of pull.filter((each) => says(each, 'run deploy'))) {
    const [, , , service = ''] = call;
    expect(flag(call, '--service-account')).toBe(`${service}@my-project.iam.gserviceaccount.com`);
  }
  expect(JSON.stringify(all)).not.toMatch(
    / keys |GOOGLE_APPLICATION_CREDENTIALS|--key-file|\.json"/,
  );
});

test('accounts are created for those who get rights', () => {
  const created = all
    .filter((call) => says(call, 'service-accounts create'))
    .map(([, , , , account = '']) => `${account}@my-project.iam.gserviceaccount.com`);
  const named = bindingsOf(all).map(([member]) => member);
  expect(created.toSorted()).toEqual(
    [...new Set(named)].filter((each) => each !== PUBSUB).toSorted(),
  );
});
