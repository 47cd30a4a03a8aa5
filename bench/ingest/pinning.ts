// Which processor core does what: one for the server, the others for whoever sends. Linux only; elsewhere
// nothing is pinned, and the report says so.
import { spawnSync } from 'node:child_process';

/** Cores as taskset names them. */
export type Pinning = { readonly server: string; readonly sender: string };

/** Splits the cores that this process may use; null where there is one only, or no taskset. */
export function findPinning(): Pinning | null {
  const { status, stdout } = spawnSync('taskset', ['-cp', String(process.pid)], {
    encoding: 'utf8',
  });
  if (status !== 0) return null;
  const [server, ...others] = readCores(stdout.slice(stdout.lastIndexOf(':') + 1));
  if (server === undefined || others.length === 0) return null;
  return { server: String(server), sender: others.join(',') };
}

/** Moves this process, with all its threads, to its cores. */
export function pinSender({ sender }: Pinning): void {
  spawnSync('taskset', ['-acp', sender, String(process.pid)]);
}

/** Program and arguments that run `command` on the server's core. */
export function onServerCore(
  pinning: Pinning | null,
  [program, ...args]: readonly [string, ...string[]],
): readonly [string, readonly string[]] {
  return pinning ? ['taskset', ['-c', pinning.server, program, ...args]] : [program, args];
}

/** As in "0-2,5". */
function readCores(list: string): readonly number[] {
  return list.split(',').flatMap((part) => {
    const [first = NaN, last = first] = part.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
}
