// `npm run deadletters`: what it prints, what it does, and how it ends.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { readCommandLine } from '../../server/dead-letters/command-line.server.ts';
import { StartupError } from '../../server/startup-error.server.ts';
import { bury, deadletters } from '../fixtures/bury-events.ts';
import { RUN_ID, startedEvent, windowEvent } from '../fixtures/events.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { openBroker } from './open-broker.ts';

test('list is a table, newest first, of one line each; more than asked for is told', async () => {
  const folder = temporaryFolder();
  bury(folder, [windowEvent(0)], 'first\n\u001b[31mline');
  bury(folder, [startedEvent(), windowEvent(1)]);
  const { code, stdout } = await deadletters(folder, 'list');
  expect(code).toBe(0);
  expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
    ['ID', 'EVENT (RUN/SEQUENCE)', 'TYPE', 'TRIES', 'DIED (UTC)', 'ERROR'],
    [
      '3',
      `${RUN_ID}/2`,
      'window',
      '5',
      expect.stringMatching(/^2026-11-05 1[23]:/),
      'cannot be stored',
    ],
    ['2', `${RUN_ID}/0`, 'started', '5', expect.any(String), 'cannot be stored'],
    ['1', `${RUN_ID}/1`, 'window', '5', expect.any(String), 'first \\u001b[31mline'],
    [''],
  ]);

  const shorter = await deadletters(folder, 'list', '--limit', '2');
  expect(shorter.stdout).toContain('\n\nThe newest 2 of 3. See more with --limit 3.\n');
  expect(shorter.stdout).not.toContain(`${RUN_ID}/1 `);
});

test('show prints the error and the event, and lets no control character through', async () => {
  const folder = temporaryFolder();
  const name = 'clip\u009b2J\u0007.mp4';
  const source = { ...startedEvent().data.source, name };
  bury(folder, [startedEvent({ data: { source } })], 'cannot be stored');
  const { code, stdout } = await deadletters(folder, 'show', '1');
  expect(code).toBe(0);
  expect(stdout).toContain(`  event      ${RUN_ID}/0\n`);
  expect(stdout).toMatch(
    /^ {2}died {7}2026-11-05T\S+, after 5 tries\n {2}error {6}cannot be stored\n\n{/m,
  );
  const event: unknown = JSON.parse(stdout.slice(stdout.indexOf('{')));
  expect(event).toEqual(startedEvent({ data: { source } }));
  expect(stdout).not.toMatch(/(?!\n)\p{Cc}/u);

  const json = JSON.parse((await deadletters(folder, 'show', '1', '--json')).stdout);
  expect(json).toMatchObject({ id: '1', event: { data: { source: { name } } } });
});

test('drop forgets what is named, then all', async () => {
  const folder = temporaryFolder();
  bury(folder, [windowEvent(0), windowEvent(1), windowEvent(2)]);
  expect(await deadletters(folder, 'drop', '2')).toMatchObject({
    code: 0,
    stdout: 'Dropped 1 event for good.\n',
  });
  expect((await deadletters(folder, 'show', '2')).code).toBe(1);
  const { code, stdout } = await deadletters(folder, 'drop', '--all', '--json');
  expect({ code, json: JSON.parse(stdout) }).toEqual({
    code: 0,
    json: { dropped: 2, unknownIds: [] },
  });
  expect((await deadletters(folder, 'list')).stdout).toBe('There are no dead letters.\n');
  expect(await openBroker(folder).depth()).toBe(0);
});

test('what is not there is a sentence and exit 1', async () => {
  const folder = temporaryFolder();
  bury(folder, [windowEvent(0)]);
  for (const verb of ['show', 'replay', 'drop']) {
    const { code, stdout, stderr } = await deadletters(folder, verb, '99');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^kinemark: There is no dead letter with the id "99", so nothing was (shown|replayed|dropped); .+\n$/,
    );
  }
  await deadletters(folder, 'drop', '--all');
  for (const [verb, done] of [
    ['replay', 'replayed'],
    ['drop', 'dropped'],
  ] as const) {
    expect(await deadletters(folder, verb, '--all')).toEqual({
      code: 1,
      stdout: '',
      stderr: `kinemark: There are no dead letters, so nothing was ${done}.\n`,
    });
  }
});

test.each<[string, readonly string[]]>([
  ['a command is missing', []],
  ['there is no command "resurrect"', ['resurrect']],
  ['list takes no ids', ['list', '3']],
  ['show takes one id', ['show']],
  ['show takes one id', ['show', '1', '2']],
  ['replay takes either ids or --all', ['replay']],
  ['replay takes either ids or --all', ['replay', '1', '--all']],
  ['drop takes either ids or --all', ['drop']],
  ['show knows no --all', ['show', '1', '--all']],
  ['list knows no --all', ['list', '--all']],
  ['show knows no --limit', ['show', '1', '--limit', '2']],
  ['--limit is "0", not a whole number', ['list', '--limit', '0']],
  ["Unknown option '--force'", ['drop', '--all', '--force']],
])('wrong usage: %s', (what, args) => {
  expect(() => readCommandLine(args)).toThrow(
    new StartupError(
      `${what}; use list, show, replay or drop, as npm run deadletters -- --help explains`,
    ),
  );
});

test('wrong usage is a sentence and exit 2, and changes nothing', async () => {
  const folder = temporaryFolder();
  bury(folder, [windowEvent(0)]);
  expect(await deadletters(folder, 'drop')).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'kinemark: drop takes either ids or --all; use list, show, replay or drop, as npm run deadletters -- --help explains\n',
  });
  expect(await openBroker(folder).deadLetters().count()).toBe(1);
});

test('help is no error and needs no data', async () => {
  const { code, stdout } = await deadletters(join(temporaryFolder(), 'none'), '--help');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Usage: npm run deadletters -- COMMAND/);
});

test('without a data folder it says so and makes none', async () => {
  const folder = join(temporaryFolder(), 'none');
  const { code, stderr } = await deadletters(folder, 'list');
  expect(code).toBe(2);
  expect(stderr).toBe(
    `kinemark: there is no queue in ${folder}, so there are no dead letters; set KINEMARK_DATA to the folder that the server uses\n`,
  );
  expect(() => readFileSync(folder)).toThrow('ENOENT');
});

test('a queue that another program locks, and a file that is none, are a sentence and exit 2', async () => {
  const folder = temporaryFolder();
  bury(folder, [windowEvent(0)]);
  const database = new DatabaseSync(join(folder, 'broker.sqlite'));
  database.exec('BEGIN IMMEDIATE');
  const { code, stderr } = await deadletters(folder, 'replay', '1');
  const listed = await deadletters(folder, 'list');
  database.close();
  expect(listed.code, 'reading needs no lock').toBe(0);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^kinemark: the queue in .+ is locked by another program, so nothing was/);

  const other = join(folder, 'other');
  mkdirSync(other);
  writeFileSync(join(other, 'broker.sqlite'), 'no database '.repeat(100));
  const noDatabase = await deadletters(other, 'list');
  expect(noDatabase.code).toBe(2);
  expect(noDatabase.stderr).toMatch(
    /^kinemark: cannot use the queue in .+ \(file is not a database\)/,
  );
});
