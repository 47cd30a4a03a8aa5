// The entry as a process of its own, in a copy of the project whose build is a stub: exit codes,
// sentences, signals. The built application is tested end to end elsewhere.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

const PROJECT = join(import.meta.dirname, '..', '..');

const STUB_APPLICATION = `
  import { openChangeStream } from '../server/worker/change-stream.server.ts';
  import { currentServices } from '../server/service-registry.server.ts';
  export const handler = (request, response) => {
    if (request.url !== '/runs/events') return response.end('stub');
    const stream = openChangeStream(currentServices()).body;
    return stream.pipeTo(new WritableStream({
      write: (chunk) => void response.write(chunk),
      close: () => void response.end(),
    }));
  };
`;

/** A copy of the server with a stub of the application, or with none. */
function installCopy({
  application = STUB_APPLICATION,
}: { application?: string | null } = {}): string {
  const folder = temporaryFolder();
  for (const part of ['server', 'src/lib/events', 'package.json']) {
    cpSync(join(PROJECT, part), join(folder, part), { recursive: true });
  }
  symlinkSync(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
  if (application !== null) {
    mkdirSync(join(folder, 'build'));
    writeFileSync(join(folder, 'build', 'handler.js'), application);
  }
  return folder;
}

function start(folder: string, environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['server/main.server.ts'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  onTestFinished(() => void child.kill('SIGKILL'));
  const exit = once(child, 'close').then(([code]) => code as number | null);

  async function url(): Promise<string> {
    await expect
      .poll(() => output.stdout + output.stderr, { timeout: 10_000 })
      .toMatch(/ready at http:\S+\n/);
    return /http:\S+/.exec(output.stdout)?.[0] ?? '';
  }

  return { child, output, exit, url };
}

async function expectOneLine(folder: string, environment: Record<string, string>, line: RegExp) {
  const { exit, output } = start(folder, environment);
  expect(await exit).toBe(2);
  expect(output.stderr.trimEnd().split('\n')).toEqual([expect.stringMatching(line)]);
  expect(output.stdout).toBe('');
}

test('it says where it is, serves, keeps its data in ./data, and ends cleanly', async () => {
  const folder = installCopy();
  const server = start(folder);
  const url = await server.url();
  expect(server.output.stdout).toBe(`Kinemark is ready at ${url}\n`);
  expect(url).toMatch(/^http:\/\/localhost:\d+$/);
  expect(await (await fetch(url)).text()).toBe('stub');

  server.child.kill('SIGTERM');
  expect(await server.exit).toBe(0);
  expect(server.output.stderr).toBe('');
  for (const name of ['broker', 'store']) {
    expect(existsSync(join(folder, 'data', `${name}.sqlite`))).toBe(true);
    expect(existsSync(join(folder, 'data', `${name}.sqlite-wal`)), 'left open').toBe(false);
  }
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s ends open streams and exits 0', async (signal) => {
  const server = start(installCopy());
  const stream = await fetch(`${await server.url()}/runs/events`);
  const text = stream.text();

  const started = performance.now();
  server.child.kill(signal);
  expect(await server.exit).toBe(0);
  expect(performance.now() - started).toBeLessThan(2500);
  expect(await text).toContain('retry: ');
});

test('a port in use is one sentence and exit 2', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  const sentence = `kinemark: port ${port} is in use by another program; choose another with PORT=`;
  await expectOneLine(installCopy(), { PORT: String(port) }, new RegExp(`^${sentence}`));
});

test('a data folder that cannot be made or written is one sentence and exit 2', async () => {
  const folder = installCopy();
  // Root may write anywhere, so take what even root cannot: below a file, and in /proc.
  const belowFile = join(folder, 'package.json', 'data');
  const sentence = /^kinemark: cannot use the data folder .+; choose another with KINEMARK_DATA=/;
  await expectOneLine(folder, { KINEMARK_DATA: belowFile }, sentence);
  if (process.platform === 'linux') {
    await expectOneLine(folder, { KINEMARK_DATA: '/proc/kinemark' }, sentence);
    await expectOneLine(folder, { KINEMARK_DATA: '/proc/self' }, sentence);
  }
});

test('data of a newer version is one sentence and exit 2', async () => {
  const folder = installCopy();
  mkdirSync(join(folder, 'data'));
  const database = new DatabaseSync(join(folder, 'data', 'store.sqlite'));
  database.exec('PRAGMA user_version = 99');
  database.close();
  await expectOneLine(folder, {}, /cannot use the data folder .+its schema is version 99/);
});

test('a wrong variable is one sentence and exit 2', async () => {
  await expectOneLine(installCopy(), { PORT: 'abc' }, /^kinemark: PORT is "abc", but must be/);
});

test('without a build it says how to make one, and exits 2', async () => {
  const folder = installCopy({ application: null });
  await expectOneLine(folder, {}, /^kinemark: the application is not built yet; run npm run setup/);
  expect(existsSync(join(folder, 'data'))).toBe(false);
});

test('a build that does not load is one sentence and exit 2', async () => {
  const folder = installCopy({ application: 'throw new Error("half a build")' });
  await expectOneLine(folder, {}, /does not load \(half a build\); build it again/);
});
