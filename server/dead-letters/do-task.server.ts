// Does what `npm run deadletters` is asked for, through the Broker's contract, and words the answer.
import type {
  DeadLetterChange,
  DeadLetterChoice,
  DeadLetterEntry,
  DeadLetters,
} from '../broker/dead-letters.server.ts';
import { describeDeadLetter, tableOf } from './dead-letter-text.server.ts';
import type { DeadLetterTask } from './command-line.server.ts';

/** What is to be told, for people and for programs. */
export type TaskEnd = {
  /** False when there was no dead letter to do it to. */
  readonly found: boolean;
  readonly text: string;
  readonly json: unknown;
};

/** Rejects when the queue cannot be used. `widthCharacters` is the terminal's, null when there is none. */
export async function doTask(
  deadLetters: DeadLetters,
  task: DeadLetterTask,
  widthCharacters: number | null,
): Promise<TaskEnd> {
  switch (task.kind) {
    case 'list':
      return list(deadLetters, task.limit, widthCharacters);
    case 'show':
      return show(deadLetters, task.id);
    case 'replay':
      return change('replayed', task.choice, await deadLetters.replay(task.choice));
    case 'drop':
      return change('dropped', task.choice, await deadLetters.drop(task.choice));
    default:
      throw new Error(`No rule to do ${JSON.stringify(task satisfies never)}`);
  }
}

async function list(
  deadLetters: DeadLetters,
  limit: number,
  widthCharacters: number | null,
): Promise<TaskEnd> {
  const [entries, count] = await Promise.all([deadLetters.list({ limit }), deadLetters.count()]);
  return {
    found: true,
    text: listText(entries, count, widthCharacters),
    json: { count, deadLetters: entries },
  };
}

function listText(
  entries: readonly DeadLetterEntry[],
  count: number,
  widthCharacters: number | null,
): string {
  if (entries.length === 0) return 'There are no dead letters.';
  const table = tableOf(entries, widthCharacters);
  if (entries.length >= count) return table;
  return `${table}\n\nThe newest ${entries.length} of ${count}. See more with --limit ${count}.`;
}

async function show(deadLetters: DeadLetters, id: string): Promise<TaskEnd> {
  const letter = await deadLetters.get(id);
  return letter === null
    ? { found: false, text: unknownText([id], 'shown'), json: null }
    : { found: true, text: describeDeadLetter(letter), json: letter };
}

function change(
  verb: 'replayed' | 'dropped',
  choice: DeadLetterChoice,
  { changed, unknownIds }: DeadLetterChange,
): TaskEnd {
  const json = { [verb]: changed, unknownIds };
  if (unknownIds.length > 0) return { found: false, text: unknownText(unknownIds, verb), json };
  if (changed === 0 && choice === 'all') {
    return { found: false, text: `There are no dead letters, so nothing was ${verb}.`, json };
  }
  const events = changed === 1 ? '1 event' : `${changed} events`;
  const text =
    verb === 'replayed'
      ? `Replayed ${events}: the server tries to store them within a second, or when it is started.`
      : `Dropped ${events} for good.`;
  return { found: true, text, json };
}

function unknownText(ids: readonly string[], verb: string): string {
  const quoted = ids.map((id) => JSON.stringify(id)).join(', ');
  const which = ids.length === 1 ? `with the id ${quoted}` : `with the ids ${quoted}`;
  return `There is no dead letter ${which}, so nothing was ${verb}; npm run deadletters -- list shows what there is.`;
}
