// Starts server-child.ts, talks to it over HTTP, and ends it in an orderly way or not.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { RunDetail } from '../../server/store/store.server.ts';
import type { Health } from '../../server/observability/health.server.ts';
import type { MetricEvent } from '../../src/lib/events/metric-event.ts';
import { BATCH_MEDIA_TYPE } from '../../src/lib/events/parse-batch.ts';
import type { ServerOptions } from './server-options.ts';

const PROGRAM = join(import.meta.dirname, 'server-child.ts');
/** Loading takes some 0.5 s; a busy machine takes a multiple. */
const START_LIMIT_MS = 30_000;
/** How long a queue may take to run empty. */
const DRAIN_LIMIT_MS = 30_000;

/** A server in a process of its own. */
export type ServerProcess = {
  readonly url: string;
  readonly process: ReturnType<typeof spawn>;
  /** Everything it has logged: JSON, one object a line. */
  log(): string;
  /** Posts a batch. Rejects when the connection breaks. */
  post(events: readonly MetricEvent[]): Promise<Response>;
  health(): Promise<Extract<Health, { status: 'ok' }>>;
  run(runId: string): Promise<RunDetail | null>;
  /** Resolves when nothing waits in the queue. */
  drained(): Promise<void>;
  /** Ends it with a signal and resolves when it has ended. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
};

/** Resolves when it listens, with null when it ended before. It is killed at the test's end at the latest. */
export async function tryToStartServer(options: ServerOptions): Promise<ServerProcess | null> {
  const child = spawn(
    process.execPath,
    ['--expose-gc', '--disable-warning=ExperimentalWarning', PROGRAM, JSON.stringify(options)],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const closed = once(child, 'close');
  let hasEnded = false;
  void closed.then(() => (hasEnded = true));
  await expect
    .poll(() => hasEnded || output.stdout.includes('\n'), { timeout: START_LIMIT_MS })
    .toBe(true);
  const [url = ''] = /http:\S+/.exec(output.stdout) ?? [];
  if (url === '') return null;

  async function json<T>(path: string): Promise<T> {
    return (await (await fetch(url + path)).json()) as T;
  }
  const health: ServerProcess['health'] = () => json('/healthz');

  return {
    url,
    process: child,
    log: () => output.stderr,
    post: (events) =>
      fetch(`${url}/metrics`, {
        method: 'POST',
        headers: { 'content-type': BATCH_MEDIA_TYPE },
        body: JSON.stringify(events),
      }),
    health,
    run: (runId) => json(`/runs/${runId}`),
    async drained() {
      const depth = async () => (await health()).queueDepth;
      await expect.poll(depth, { timeout: DRAIN_LIMIT_MS }).toBe(0);
    },
    async end(signal) {
      child.kill(signal);
      await closed;
    },
  };
}

/** As `tryToStartServer`, of a server that comes up; throws with its last words when it does not. */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const server = await tryToStartServer(options);
  if (server === null) throw new Error('The server has ended before it listened.');
  return server;
}
