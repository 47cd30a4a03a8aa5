// The launcher as a process of its own, in a copy whose programs, npm and Vite are small ones.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const PROJECT = join(import.meta.dirname, '../../..');

const PACKAGES = { 'node_modules/comlink': { version: '4.4.2', integrity: 'sha512-a' } };
/** Installs what the launcher needs, slowly enough for another command to come along. */
const WORKING_NPM = `
  const { appendFileSync, mkdirSync, writeFileSync, symlinkSync } = require('node:fs');
  appendFileSync('npm.log', process.argv.slice(2).join(' ') + '\\n');
  setTimeout(() => {
    mkdirSync('node_modules/.bin', { recursive: true });
    mkdirSync('node_modules/vite/bin', { recursive: true });
    symlinkSync(process.execPath, 'node_modules/.bin/node');
    writeFileSync('node_modules/vite/bin/vite.js', ${JSON.stringify(`
      const { mkdirSync, writeFileSync } = require('node:fs');
      mkdirSync(process.env.KINEMARK_BUILD_FOLDER, { recursive: true });
      writeFileSync(process.env.KINEMARK_BUILD_FOLDER + '/handler.js', '');
      writeFileSync('.svelte-kit/tsconfig.json', '{}');
    `)});
    writeFileSync('node_modules/.package-lock.json', ${JSON.stringify(JSON.stringify({ packages: PACKAGES }))});
  }, 300);
`;
const FAILING_NPM = `
  console.error('npm error code ENOTFOUND');
  process.exitCode = 1;
`;
const FORGE = `
  import { mkdirSync, writeFileSync } from 'node:fs';
  mkdirSync('static/models', { recursive: true });
  writeFileSync('static/models/manifest.json', '{"models":[]}');
`;
/** Says what it was given, and ends as it is told. */
const SERVER = `
  const args: string[] = process.argv.slice(2);
  console.log(JSON.stringify({ args, port: process.env.PORT, major: process.versions.node.split('.')[0] }));
  if (args[0] === 'wait') {
    process.on('SIGTERM', () => {
      console.log('ended');
      process.exit(7);
    });
    setInterval(() => undefined, 1000);
  } else {
    process.exitCode = Number(args[0] ?? 0);
  }
`;

/** A fresh clone, with a space in its path. */
function clone({ npm = WORKING_NPM } = {}): string {
  const root = join(temporaryFolder(), 'fresh clone');
  cpSync(join(PROJECT, 'tools/setup'), join(root, 'tools/setup'), { recursive: true });
  const files = {
    'package-lock.json': JSON.stringify({ packages: { '': {}, ...PACKAGES } }),
    'package.json': '{"type":"module"}',
    'tools/forge/main.ts': FORGE,
    'server/main.server.ts': SERVER,
    '../npm/npm-cli.js': npm,
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  writeFileSync(join(root, '../npm/package.json'), '{"type":"commonjs"}');
  return root;
}

function launch(root: string, args: readonly string[], program = [process.execPath]) {
  const [command = '', ...before] = program;
  const child = spawn(command, [...before, 'tools/setup/launch.mjs', ...args], {
    cwd: root,
    env: {
      npm_lifecycle_event: 'start',
      PATH: process.env['PATH'],
      PORT: '4321',
      npm_execpath: join(root, '../npm/npm-cli.js'),
      npm_node_execpath: process.execPath,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  onTestFinished(() => void child.kill('SIGKILL'));
  const exit = once(child, 'close').then(([code]) => code as number | null);
  return { child, output, exit };
}

const SET_UP_LINES = [
  'kinemark: installing dependencies (npm ci) …',
  'kinemark: building the models …',
  'kinemark: building the application …',
];

test('on a fresh clone it sets up, then runs; the next time it only runs', async () => {
  const root = clone();
  const first = launch(root, ['start', '0', '--flag', 'two words']);
  expect(await first.exit).toBe(0);
  expect(first.output.stderr.trimEnd().split('\n')).toEqual(SET_UP_LINES);
  const { args, port, major } = JSON.parse(first.output.stdout) as Record<string, unknown>;
  expect(args).toEqual(['0', '--flag', 'two words']);
  expect(port).toBe('4321');
  expect(Number(major)).toBeGreaterThanOrEqual(24);

  const second = launch(root, ['start', '5']);
  expect(await second.exit).toBe(5);
  expect(second.output.stderr).toBe('');
});

test('two commands at once install once, and both run', async () => {
  const root = clone();
  const commands = [launch(root, ['start']), launch(root, ['start'])];
  expect(await Promise.all(commands.map(({ exit }) => exit))).toEqual([0, 0]);
  expect(readFileSync(join(root, 'npm.log'), 'utf8').trimEnd().split('\n')).toHaveLength(1);
  const stderr = commands.map(({ output }) => output.stderr).join('');
  expect(stderr).toMatch(/waiting for the set-up of another command \(process \d+\) …/);
});

test('a failed installation is its last lines, one sentence and exit 2', async () => {
  const { exit, output } = launch(clone({ npm: FAILING_NPM }), ['start']);
  expect(await exit).toBe(2);
  expect(output.stdout).toBe('');
  expect(output.stderr.trimEnd().split('\n')).toEqual([
    'kinemark: installing dependencies (npm ci) …',
    'npm error code ENOTFOUND',
    'kinemark: installing the dependencies failed because the network did not answer; check the connection and try again.',
  ]);
});

test('an unknown command is one sentence and exit 2', async () => {
  const { exit, output } = launch(clone(), ['begin']);
  expect(await exit).toBe(2);
  expect(output.stderr).toBe(
    'kinemark: there is no command "begin"; choose one of start, bench, bench:overhead, bench:engines, bench:ingest, deadletters, models, actor, actor:score, schema, test, test:cloud, test:faults, setup.\n',
  );
});

test.skipIf(process.platform === 'win32')(
  'a signal goes on to the program, and its exit code comes back',
  async () => {
    const { child, exit, output } = launch(clone(), ['start', 'wait']);
    await expect.poll(() => output.stdout, { timeout: 10_000 }).toContain('wait');
    child.kill('SIGTERM');
    expect(await exit).toBe(7);
  },
);

test.skipIf(process.platform === 'win32')(
  'the program ends when npm and its shell have died',
  async () => {
    // `"$@"` alone would let the shell become the launcher.
    const shell = ['sh', '-c', '"$@"; true', 'sh', process.execPath];
    const { child, exit, output } = launch(clone(), ['start', 'wait'], shell);
    await expect.poll(() => output.stdout, { timeout: 10_000 }).toContain('wait');
    child.kill('SIGTERM');
    // Its output closes when the last process that holds it has ended.
    expect(await exit).toBeNull();
    expect(output.stdout).toContain('ended');
  },
);

test.skipIf(process.platform === 'win32')(
  'a signal during the set-up ends it with a sentence, and frees the lock',
  async () => {
    const root = clone({ npm: 'setInterval(() => undefined, 1000);' });
    const { child, exit, output } = launch(root, ['start']);
    await expect.poll(() => output.stderr, { timeout: 10_000 }).toContain('npm ci');
    // The line is printed before npm is there to be ended.
    await new Promise((resolve) => setTimeout(resolve, 300));
    child.kill('SIGTERM');
    expect(await exit).toBe(2);
    expect(output.stderr).toContain(
      'installing the dependencies was stopped (SIGTERM); run the command again.',
    );
    expect(existsSync(join(root, '.setup.lock'))).toBe(false);
  },
);
