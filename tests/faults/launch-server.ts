// Starts the program of server-child.ts and talks with it.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FromServer, ToServer } from './server-messages.ts';

const PROGRAM = join(import.meta.dirname, 'server-child.ts');
/** Loading takes some 0.3 s on one core; a busy machine takes a multiple. */
const ANSWER_LIMIT_MS = 30_000;

/** A process that has loaded the program. */
export type LaunchedServer = {
  /** What is told to a process that has ended is lost. */
  tell(message: ToServer): void;
  /** The next message of this kind. Rejects when the process ends first, or takes too long. */
  next<Kind extends FromServer['kind']>(kind: Kind): Promise<Extract<FromServer, { kind: Kind }>>;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
};

/**
 * Resolves once the program is loaded. `onMessage` hears everything that it says; `cacheFolder` keeps what
 * Node has compiled, which halves the time that a start takes.
 */
export async function launchServer(
  onMessage: (message: FromServer) => void,
  cacheFolder: string,
): Promise<LaunchedServer> {
  const child = fork(PROGRAM, [], {
    env: { ...process.env, NODE_COMPILE_CACHE: cacheFolder },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  child.on('message', (message) => onMessage(message as FromServer));
  // A channel that closes while something is written to it.
  child.on('error', () => undefined);
  const ended = once(child, 'exit');

  const launched: LaunchedServer = {
    tell: (message) => void child.send(message, () => undefined),
    next(kind) {
      return new Promise((resolve, reject) => {
        const limit = setTimeout(() => giveUp('took too long'), ANSWER_LIMIT_MS);
        const listen = (message: unknown): void => {
          if ((message as FromServer).kind !== kind) return;
          settle();
          resolve(message as never);
        };
        const exit = (): void => giveUp('ended');
        function giveUp(how: string): void {
          settle();
          reject(new Error(`the server ${how} before it said "${kind}"`));
        }
        function settle(): void {
          clearTimeout(limit);
          child.off('message', listen).off('exit', exit);
        }
        child.on('message', listen).on('exit', exit);
      });
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
  await launched.next('loaded');
  return launched;
}
