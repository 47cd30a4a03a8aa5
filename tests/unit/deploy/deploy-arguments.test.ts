// What deploy.sh can be told, and what it refuses before it does anything.
import { expect, test } from 'vitest';
import { NEEDED, deploy } from './fake-cloud.ts';

const WITHOUT_IMAGE = NEEDED.slice(0, -2);

test('--help explains, and does nothing', async () => {
  const { status, stdout, calls } = await deploy(['--help']);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Usage: /);
  for (const name of [
    ...NEEDED,
    '--build',
    '--push',
    '--pull',
    '--public-dashboard',
    '--bigquery',
    '--dry-run',
  ]) {
    if (name.startsWith('--')) expect(stdout).toContain(`  ${name}`);
  }
  expect(calls).toEqual([]);
});

test('variables stand in for flags, and flags come first', async () => {
  const variables = {
    GOOGLE_CLOUD_PROJECT: 'other-project',
    KINEMARK_REGION: 'us-central1',
    KINEMARK_DATABASE_LOCATION: 'nam5',
    KINEMARK_IMAGE: 'registry.example/other:2',
    LOG_LEVEL: 'info',
  };
  const { status, stdout } = await deploy(['--dry-run', '--project', 'my-project'], {}, variables);
  expect(status).toBe(0);
  expect(stdout).toContain('--project=my-project');
  expect(stdout).not.toContain('other-project');
  for (const words of [
    '--region=us-central1',
    '--location=nam5',
    'registry.example/other:2',
    'LOG_LEVEL=info',
  ]) {
    expect(stdout).toContain(words);
  }
});

test.each([
  [['--no-such-thing'], 'there is no option "--no-such-thing"'],
  [['--project'], '--project needs a value'],
  [[...NEEDED, '--bigquery', ''], '--bigquery needs a value'],
  [NEEDED.slice(2), '--project is missing'],
  [WITHOUT_IMAGE, '--image or --build is missing'],
  [[...NEEDED, '--build', 'a-tag'], '--build and an image are both given'],
  [[...WITHOUT_IMAGE, '--build', 'no tag'], '--build is "no tag", but must be a tag'],
  [[...WITHOUT_IMAGE, '--image', 'kinemark'], '--image is "kinemark", but must be an image with'],
  [[...NEEDED, '--project', 'My Project'], '--project is "My Project", but must be the id'],
  [[...NEEDED, '--region', 'europe'], '--region is "europe", but must be a region'],
  [[...NEEDED, '--database-location', 'x y'], '--database-location is "x y", but must be'],
  [[...NEEDED, '--bigquery', 'a.b'], '--bigquery is "a.b", but must be'],
])('%j is refused', async (args, sentence) => {
  const { status, stderr, calls } = await deploy(args);
  expect(status).toBe(2);
  expect(stderr).toContain(`kinemark: ${sentence}`);
  expect(stderr).toMatch(/^[^\n]+; deploy\/gcp\/deploy\.sh --help explains\n$/);
  expect(calls).toEqual([]);
});

test.each([
  ['PUBSUB_TOPIC', 'a,b'],
  ['PUBSUB_SUBSCRIPTION', 'a b'],
  ['PUBSUB_DEAD_LETTER_TOPIC', 'x'],
  ['PUBSUB_DEAD_LETTER_SUBSCRIPTION', '1-subscription'],
  ['FIRESTORE_DATABASE', 'Default'],
  ['LOG_LEVEL', 'loud'],
])('%s=%s is refused', async (name, value) => {
  const { status, stderr, calls } = await deploy(NEEDED, {}, { [name]: value });
  expect(status).toBe(2);
  expect(stderr).toContain(`kinemark: ${name} is "${value}", but must be`);
  expect(calls).toEqual([]);
});
