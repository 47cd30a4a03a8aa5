// Keeps the runs of a sweep: in the results folder and, if one is named, on a running Kinemark. What
// cannot be kept does not end the sweep.
import type { RunSummary } from '../src/lib/benchmark/run-result.ts';
import type { HeadlessOutcome } from '../src/lib/ui/headless-api.ts';
import type { BenchOptions } from './bench-options.ts';
import { deliverEvents } from './deliver-events.ts';
import { orSentence } from './or-sentence.ts';
import { openResultsFolder } from './results-folder.ts';

/** The runs so far, and what became of them. */
export type RunKeeper = {
  /** In the order in which they were kept. */
  readonly runs: readonly RunSummary[];
  /** Of results.json. */
  readonly resultsPath: string;
  /** Writes and sends a run; tells at once of events that were not delivered. */
  keep(outcome: HeadlessOutcome): Promise<void>;
  /** What could not be written or delivered in the end, in sentences. */
  refusals(): readonly string[];
};

/** Opens the results folder; throws a BenchError when it cannot be written. */
export async function openRunKeeper(
  { outFolder, keypoints, serverUrl }: Pick<BenchOptions, 'outFolder' | 'keypoints' | 'serverUrl'>,
  complain: (sentence: string) => void,
): Promise<RunKeeper> {
  const folder = await openResultsFolder(outFolder, keypoints);
  const runs: RunSummary[] = [];
  /** A full disk has the same sentence for every run, which is told once. */
  const unwritten = new Set<string>();
  let undelivered = 0;

  async function write({ summary, keypoints: lines }: HeadlessOutcome): Promise<void> {
    await folder.writeResults(runs);
    if (keypoints) await folder.writeKeypoints(summary.runId, lines);
  }
  async function deliver({ summary, events }: HeadlessOutcome, url: URL): Promise<void> {
    const problem = await deliverEvents(url, events);
    if (problem === null) return;
    undelivered += 1;
    complain(
      `the events of ${summary.target} on ${summary.source.name} were not delivered because ${problem}`,
    );
  }

  return {
    runs,
    resultsPath: folder.resultsPath,
    async keep(outcome) {
      runs.push(outcome.summary);
      const problem = await orSentence(write(outcome));
      if (typeof problem === 'string') unwritten.add(problem);
      if (serverUrl) await deliver(outcome, serverUrl);
    },
    refusals() {
      if (!serverUrl || undelivered === 0) return [...unwritten];
      return [
        ...unwritten,
        `The events of ${undelivered} of ${runs.length} runs did not reach ${serverUrl.origin}. Check the address and that Kinemark runs there, and run again.`,
      ];
    },
  };
}
