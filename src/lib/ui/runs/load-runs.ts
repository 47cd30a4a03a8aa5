// Where the dashboard's pages get their runs: from the server where it answers, else from this device, which
// keeps its own.
import { askServer } from '../ask-server.ts';
import type { LoadContext } from '../ask-server.ts';
import { ownRunList, ownRunView } from './own-runs.ts';
import type { RunListEntry } from './run-record.ts';
import type { RunView } from './run-view.ts';

/** Longer lists are for queries, not for scrolling. */
export const MAX_LISTED_RUNS = 200;

/** The list of runs as it is shown, newest first. */
export type RunList = {
  readonly runs: readonly RunListEntry[];
  /** Whether there are older ones, which are not listed. */
  readonly hasMore: boolean;
  /** Events that the server could not store; null when nobody knows. */
  readonly deadLetters: number | null;
  /** When this was read, in ms since 1970, by the clock of whoever has the runs. */
  readonly nowMs: number;
};

/** One run as it is shown. */
export type RunPage = { readonly run: RunView; readonly nowMs: number };

/** `unreachable`: the server does not answer. `undelivered`: it does, and has nothing of this run yet. */
export type OwnReason = 'unreachable' | 'undelivered';

/** `own` says why these are the device's own runs; null where they are the server's. */
export type Loaded<T> = T & { readonly own: OwnReason | null };

/** The server answered, but not with runs. `status` is HTTP's. */
export class RunsError extends Error {
  override readonly name = 'RunsError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const LIST_PATH = '/runs/list.json';
const HTTP_NOT_FOUND = 404;

/** The newest runs. Throws a RunsError. */
export async function loadRunList(context: LoadContext): Promise<Loaded<RunList>> {
  const answer = await askServer<RunList>(LIST_PATH, context);
  if (!answer) return { ...(await ownRunList(MAX_LISTED_RUNS)), own: 'unreachable' };
  if (answer.isOk) return { ...answer.body, own: null };
  throw new RunsError(answer.status, 'The server could not read its runs. Try again later.');
}

/** One run. Throws a RunsError, with status 404 where neither the server nor this device has it. */
export async function loadRun(runId: string, context: LoadContext): Promise<Loaded<RunPage>> {
  const answer = await askServer<RunPage>(`/runs/${runId}/view.json`, context);
  if (answer?.isOk) return { ...answer.body, own: null };
  if (answer && answer.status !== HTTP_NOT_FOUND) {
    throw new RunsError(answer.status, 'The server could not read this run. Try again later.');
  }
  const run = context.isBrowser ? await ownRunView(runId) : null;
  if (run) return { run, nowMs: Date.now(), own: answer ? 'undelivered' : 'unreachable' };
  throw new RunsError(
    HTTP_NOT_FOUND,
    answer
      ? 'No run with this id has reached this server. It may still wait on its device.'
      : 'The server cannot be reached, and this device has made no run with this id. Try again with a network.',
  );
}
