// Where the page of dead letters gets them: from the server, which alone has them.
import { askServer } from '../ask-server.ts';
import type { LoadContext } from '../ask-server.ts';
import type { DeadLetterRecord } from './dead-letter-record.ts';

/** Longer lists are for the command line. */
export const MAX_LISTED_DEAD_LETTERS = 200;

/** Dead letters as they are shown, newest first. */
export type DeadLetterList = {
  readonly letters: readonly DeadLetterRecord[];
  /** How many there are in all. */
  readonly count: number;
  /** When this was read, in ms since 1970, by the server's clock. */
  readonly nowMs: number;
};

/** The server answered, but not with dead letters. `status` is HTTP's. */
export class DeadLettersError extends Error {
  override readonly name = 'DeadLettersError';
  readonly status: number;

  constructor(status: number) {
    super('The server could not read its dead letters. Try again later.');
    this.status = status;
  }
}

const LIST_PATH = '/dead-letters/list.json';

/** The newest dead letters; null when the server cannot be reached. Throws a DeadLettersError. */
export async function loadDeadLetters(context: LoadContext): Promise<DeadLetterList | null> {
  const answer = await askServer<DeadLetterList>(LIST_PATH, context);
  if (!answer) return null;
  if (answer.isOk) return answer.body;
  throw new DeadLettersError(answer.status);
}
