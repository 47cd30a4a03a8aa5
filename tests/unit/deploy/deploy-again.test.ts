// deploy.sh against a cloud that has nothing, everything, or something in its way.
import { expect, test } from 'vitest';
import {
  NEEDED,
  PROJECT_NUMBER,
  TOKEN,
  deploy,
  printedCalls,
  says,
  type Call,
} from './fake-cloud.ts';

const EVERYTHING = [...NEEDED.slice(0, -2), '--build', 'a-tag', '--push', '--bigquery', 'kinemark'];

/** Whether a call creates something that could be there already. `identity create` may be repeated by its nature. */
function creates(call: Call): boolean {
  return (
    (call.includes('create') && !call.includes('identity')) ||
    call.includes('mk') ||
    (call[0] === 'curl' && call.includes('POST'))
  );
}

function asText(calls: readonly Call[]): string[] {
  return calls.map((call) =>
    call
      .join(' ')
      .replaceAll(PROJECT_NUMBER, 'PROJECT_NUMBER')
      .replaceAll('rulesets/0a1b', 'rulesets/RULESET'),
  );
}

test('what is there is not created again', async () => {
  const { status, calls } = await deploy(EVERYTHING, { has: 'everything' });
  expect(status).toBe(0);
  expect(calls.filter(creates)).toEqual([]);
  expect(calls.filter((call) => says(call, 'subscriptions update'))).toHaveLength(2);
  expect(calls.filter((call) => says(call, 'run deploy'))).toHaveLength(3);
});

test('what is missing is created, once', async () => {
  const { status, calls } = await deploy(EVERYTHING, { has: 'nothing' });
  expect(status).toBe(0);
  const created = asText(calls.filter(creates));
  expect(new Set(created).size).toBe(created.length);
  expect(created.toSorted()).toEqual(
    asText((await printedCalls(EVERYTHING)).filter(creates)).toSorted(),
  );
  expect(calls.filter((call) => says(call, 'subscriptions update'))).toEqual([]);
});

test.each(['nothing', 'everything'] as const)(
  'a dry run prints every command that runs where there is %s, word for word',
  async (has) => {
    const printed = asText(await printedCalls(EVERYTHING));
    const { calls } = await deploy(EVERYTHING, { has });
    expect(calls.length).toBeGreaterThan(40);
    expect(asText(calls).filter((call) => !printed.includes(call))).toEqual([]);
  },
);

test('subscriptions are there before the first event can be published', async () => {
  const { calls } = await deploy(NEEDED);
  const last = calls.findLastIndex((call) => says(call, 'subscriptions create'));
  expect(last).toBeGreaterThan(0);
  expect(calls.findIndex((call) => says(call, 'run deploy'))).toBeGreaterThan(last);
});

test('rules that have changed become the ones that count', async () => {
  const { calls } = await deploy(NEEDED, { has: 'everything', rulesFile: 'firestore-1-2.rules' });
  const changes = calls.filter((call) => call[0] === 'curl' && !call.includes('GET'));
  expect(changes.map((call) => [call[4], call.at(-1)?.split('/v1/')[1]])).toEqual([
    ['POST', 'projects/my-project/rulesets'],
    ['PATCH', 'projects/my-project/releases/cloud.firestore'],
  ]);
});

test('the token is in no argument', async () => {
  const { calls, headers } = await deploy(NEEDED);
  expect(headers).toContain(`Authorization: Bearer ${TOKEN}`);
  expect(JSON.stringify(calls)).not.toContain(TOKEN);
});

test('a command that fails ends the script with a sentence', async () => {
  const call = 'pubsub topics create cv-metrics-dead-letters';
  const { status, calls, stderr } = await deploy(NEEDED, {
    fails: { call, says: 'ERROR: no quota' },
  });
  expect(status).toBe(1);
  expect(stderr.trimEnd().split('\n').slice(-2)).toEqual([
    'ERROR: no quota',
    'kinemark: creating the topic cv-metrics-dead-letters failed: gcloud ended with status 1 and says why above; ' +
      'mend that and run the same again, what exists is kept',
  ]);
  expect(calls.at(-1)?.join(' ')).toContain(call);
});

test('where it cannot be known whether something is there, nothing is created', async () => {
  const { status, calls, stderr } = await deploy(NEEDED, {
    fails: {
      call: 'topics describe cv-metrics-topic',
      says: 'ERROR: PERMISSION_DENIED: not allowed (or it was not found)',
    },
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /\nkinemark: whether the topic cv-metrics-topic exists cannot be known \(ERROR: PERM.*\n$/,
  );
  expect(calls.filter((call) => says(call, 'topics create'))).toEqual([]);
});

test.each([
  ['databases describe', 'DATASTORE_MODE', 'the database (default) is in Datastore mode'],
  ['enableMessageOrdering', 'False', 'the subscription cv-metrics-worker has no message ordering'],
  ['projects describe', 'nothing', 'the number of the project my-project is not known'],
])('what is there and cannot be used is named (%s: %s)', async (call, answer, sentence) => {
  const { status, stderr } = await deploy(NEEDED, {
    has: 'everything',
    described: { call, says: answer },
  });
  expect(status).toBe(1);
  expect(stderr.trimEnd().split('\n').at(-1)).toContain(`kinemark: ${sentence}`);
});

test('rules that are refused end the script', async () => {
  const { status, stderr, calls } = await deploy(NEEDED, {
    fails: { call: 'https://firebaserules', says: 'curl: (6) Could not resolve host' },
  });
  expect(status).toBe(1);
  expect(stderr).toContain('cannot be reached');
  expect(calls.filter((call) => says(call, 'run deploy'))).toEqual([]);
});

test('an account that is not known everywhere yet is waited for, but not for ever', async () => {
  const call = 'topics add-iam-policy-binding cv-metrics-topic';
  const failing = { call, says: 'ERROR: Service account does not exist.' };
  const patient = await deploy(NEEDED, { fails: { ...failing, times: 2 } });
  expect(patient.status).toBe(0);
  expect(patient.calls.filter(([program]) => program === 'sleep')).toHaveLength(2);
  const hopeless = await deploy(NEEDED, { fails: failing });
  expect(hopeless.status).toBe(1);
  expect(hopeless.calls.filter((each) => each.join(' ').includes(call))).toHaveLength(6);
});

test('a public dashboard is warned of, and what is not public says how to open it', async () => {
  const open = await deploy([...NEEDED, '--public-dashboard'], { has: 'everything' });
  expect(open.stderr).toMatch(/kinemark: warning: the dashboard becomes public: /);
  const closed = await deploy(NEEDED, { has: 'everything' });
  expect(closed.stderr).not.toContain('warning');
  expect(closed.stderr).toContain('gcloud run services proxy kinemark-dashboard');
});
