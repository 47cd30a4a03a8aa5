// A role of Kinemark in a process of its own, as `npm start` runs it, against the emulators. It can be killed and
// started again at the same address.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import type { GoogleConfig } from '../../server/google-config.server.ts';
import type { Role } from '../../server/roles/role.server.ts';
import { freePort } from './free-port.ts';

const PROJECT = join(import.meta.dirname, '../..');
const NOTE_IMPORTS = pathToFileURL(join(import.meta.dirname, 'note-imports.ts')).href;
/** Google's clients take a second to load, on a busy machine a multiple. */
const START_LIMIT_MS = 60_000;

/** A role's process. */
export type RoleProcess = {
  readonly role: Role;
  readonly url: string;
  /** What it has written on stderr since its first start. */
  log(): string;
  /** Which of Google's clients it has loaded. */
  clients(): readonly string[];
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** Starts it again after `kill`; resolves when it listens. */
  start(): Promise<void>;
};

/** Starts a role; it is killed at the test's end. Rejects with its last words when it does not come up. */
export async function startRole(
  role: Role,
  google: GoogleConfig,
  environment: Readonly<Record<string, string>> = {},
): Promise<RoleProcess> {
  const port = await freePort();
  let log = '';
  let kill = async () => {};

  async function start(): Promise<void> {
    const child = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        `--import=${NOTE_IMPORTS}`,
        'server/main.server.ts',
      ],
      {
        cwd: PROJECT,
        env: {
          ...process.env,
          PORT: String(port),
          HOST: '127.0.0.1',
          KINEMARK_ROLE: role,
          KINEMARK_PLATFORM: 'google',
          GOOGLE_CLOUD_PROJECT: google.project,
          ...environment,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const closed = once(child, 'close');
    kill = async () => {
      child.kill('SIGKILL');
      await closed;
    };
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
    let hasEnded = false;
    void closed.then(() => (hasEnded = true));
    await expect
      .poll(() => hasEnded || stdout.includes('ready at'), { timeout: START_LIMIT_MS })
      .toBe(true);
    if (hasEnded) throw new Error(`The role ${role} has ended: ${log}`);
  }

  onTestFinished(() => kill());
  await start();
  return {
    role,
    url: `http://127.0.0.1:${port}`,
    log: () => log,
    clients: () => [...log.matchAll(/^loaded (.+)$/gm)].map(([, name]) => name!).toSorted(),
    kill: () => kill(),
    start,
  };
}

/** The three services of a deployment: browsers know the dashboard alone. */
export type Deployment = {
  readonly ingest: RoleProcess;
  readonly worker: RoleProcess;
  readonly dashboard: RoleProcess;
};

/** Starts all three; the dashboard passes on to ingest. */
export async function startDeployment(google: GoogleConfig): Promise<Deployment> {
  const [ingest, worker] = await Promise.all([
    startRole('ingest', google),
    startRole('worker', google),
  ]);
  const dashboard = await startRole('dashboard', google, { INGEST_URL: ingest.url });
  return { ingest, worker, dashboard };
}
