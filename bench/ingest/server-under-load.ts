// A server in a process of its own, on a core of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchError } from '../bench-error.ts';
import { onServerCore, type Pinning } from './pinning.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Loading takes about a second; a busy machine takes a multiple. */
const START_LIMIT_MS = 60_000;
/** How long the worker may take for what waits. */
const DRAIN_LIMIT_MS = 120_000;
/** How often it is asked what still waits: seldom enough to cost it nothing. */
const DRAIN_CHECK_MS = 50;
/** Of /proc/<pid>/stat, on every architecture that Linux runs on today. */
const CLOCK_TICK_MS = 10;

/** A listening server. */
export type ServerUnderLoad = {
  /** Without a trailing slash. */
  readonly url: string;
  /** Processor time it has used so far, in ms; null where the system does not tell. */
  cpuMs(): number | null;
  /** Resolves when nothing waits in its queue. */
  drained(): Promise<void>;
  /** Ends it in an orderly way. */
  end(): Promise<void>;
};

/** Runs a program of ours until it says where it listens. Rejects with a BenchError when it does not. */
export async function startServerUnderLoad(
  program: string,
  environment: Readonly<Record<string, string>>,
  pinning: Pinning | null,
): Promise<ServerUnderLoad> {
  const [command, args] = onServerCore(pinning, [process.execPath, join(ROOT, program)]);
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  // Before whatever else this process does at its end: nobody is left behind, or writes any more.
  process.prependOnceListener('exit', () => void child.kill('SIGKILL'));
  const url = await listens(child.stdout, closed).catch((cause: unknown) => {
    child.kill('SIGKILL');
    throw cause;
  });

  async function waiting(): Promise<number> {
    const response = await fetch(`${url}/healthz`);
    return ((await response.json()) as { queueDepth: number }).queueDepth;
  }

  return {
    url,
    cpuMs: () => (child.pid === undefined ? null : readCpuMs(child.pid)),
    async drained() {
      const deadlineMs = performance.now() + DRAIN_LIMIT_MS;
      while ((await waiting()) > 0) {
        if (performance.now() > deadlineMs) {
          throw new BenchError(
            `After ${DRAIN_LIMIT_MS / 1000} s events still wait for the worker. Run it again on a quiet machine.`,
          );
        }
        await sleep(DRAIN_CHECK_MS);
      }
    },
    async end() {
      child.kill('SIGTERM');
      await closed;
    },
  };
}

async function listens(stdout: NodeJS.ReadableStream, closed: Promise<unknown>): Promise<string> {
  let text = '';
  const told = new Promise<string>((resolve) => {
    stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const [url] = /http:\/\/localhost:\d+/.exec(text) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
  const tooLate = sleep(START_LIMIT_MS, null, { ref: false });
  const url = await Promise.race([told, closed.then(() => null), tooLate]);
  if (url === null) {
    throw new BenchError('A server did not start; npm start says why, or works.');
  }
  return url;
}

/** All threads; the name of the program, which may hold anything, ends with the last bracket. */
function readCpuMs(pid: number): number | null {
  if (process.platform !== 'linux') return null;
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return CLOCK_TICK_MS * (Number(fields[11]) + Number(fields[12]));
}
