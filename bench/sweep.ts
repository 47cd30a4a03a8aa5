// The sweep: every source on every target, one after the other. A source or target that fails does not end it.
import { randomUUID } from 'node:crypto';
import type { RunSummary } from '../src/lib/benchmark/run-result.ts';
import type { BenchOptions } from './bench-options.ts';
import { openHeadlessTab } from './headless-tab.ts';
import { passLicenseGate } from './license-notice.ts';
import { orSentence } from './or-sentence.ts';
import { chooseOwnTarget } from './own-model.ts';
import { createProgressLine } from './progress-line.ts';
import { openRunKeeper } from './run-keeper.ts';

/** What a sweep came to. */
export type SweepOutcome = {
  /** Every run that began, in order. */
  readonly runs: readonly RunSummary[];
  /** Targets that were refused or did not load, and runs that broke off. */
  readonly failures: number;
  /** Sources that could not be opened, runs not written or not delivered: sentences not told yet. */
  readonly refusals: readonly string[];
  /** Of results.json. */
  readonly resultsPath: string;
};

/**
 * Runs everything that is asked for. Licence notices, and what happens to a single target, are told to
 * `complain` at once, in sentences. The sweep closes the tab that `openTab` gives it.
 * Throws a BenchError when the own model, the results folder or the browser cannot be used.
 */
export async function sweep(
  options: BenchOptions,
  complain: (sentence: string) => void,
  openTab: typeof openHeadlessTab = openHeadlessTab,
): Promise<SweepOutcome> {
  const { clips, images, ownModel, maxFrames, keypoints } = options;
  const progress = createProgressLine(process.stderr);
  const refusals: string[] = [];
  let failures = 0;
  function say(sentence: string): void {
    progress.clear();
    complain(sentence);
  }
  function fail(sentence: string): void {
    failures += 1;
    say(sentence);
  }

  const keeper = await openRunKeeper(options, say);
  const gate = passLicenseGate(options.targets, options.acceptLicense);
  gate.refusals.forEach(fail);
  gate.notices.forEach(say);
  const request = { options: options.engineOptions, maxFrames, keypoints, deviceId: randomUUID() };
  const targetIds = gate.admitted.map(({ id }) => id);
  // Each call crosses processes, so a run that nobody watches is spared them.
  const tab = await openTab(
    process.stderr.isTTY ? (done, planned) => progress.update(done, planned) : null,
  );
  try {
    if (ownModel) targetIds.unshift(chooseOwnTarget(ownModel, await tab.importModel(ownModel)));
    for (const source of images ? [images] : clips) {
      const refusal = await orSentence(tab.openSource(source, maxFrames));
      if (typeof refusal === 'string') {
        refusals.push(refusal);
        continue;
      }
      for (const targetId of targetIds) {
        progress.begin(`${targetId} on ${source.name}`);
        const outcome = await orSentence(tab.run({ ...request, targetId }));
        if (typeof outcome === 'string') {
          fail(`${targetId} did not run: ${outcome}`);
          continue;
        }
        const { failure } = outcome.summary;
        if (failure) fail(`the run of ${targetId} failed: ${failure}`);
        await keeper.keep(outcome);
      }
    }
  } finally {
    progress.clear();
    await tab.close();
  }
  const { runs, resultsPath } = keeper;
  return { runs, failures, refusals: [...refusals, ...keeper.refusals()], resultsPath };
}
