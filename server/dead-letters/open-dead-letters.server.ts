// Where the dead letters of the configured platform are, for whoever lists, replays or drops them.
import type { DeadLetters } from '../broker/dead-letters.server.ts';
import type { Config } from '../config.server.ts';
import type { StartupError } from '../startup-error.server.ts';
import { openQueue } from './open-queue.server.ts';

/** Dead letters that are in use. */
export type OpenDeadLetters = {
  readonly deadLetters: DeadLetters;
  /** The sentence for an error of theirs. */
  explain(error: unknown): StartupError;
  close(): Promise<void>;
};

/** Rejects with StartupError when they cannot be used. */
export async function openDeadLetters({ google, dataFolder }: Config): Promise<OpenDeadLetters> {
  if (google === null) return openQueue(dataFolder);
  // Loaded only where it is needed: the clients of Google's cloud are large.
  const { openGoogleDeadLetters } = await import('./google-dead-letters.server.ts');
  return openGoogleDeadLetters(google);
}
