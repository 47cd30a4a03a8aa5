// The sweep: everything that was asked for, one run after the other. A source or target that fails does not end it.
import { randomUUID } from 'node:crypto';
import { setTimeout as waitMs } from 'node:timers/promises';
import type { Target } from '../src/lib/models/target.ts';
import type { BenchOptions } from './bench-options.ts';
import { openHeadlessTab } from './headless-tab.ts';
import { passLicenseGate } from './license-notice.ts';
import { measuredRunOf } from './measured-run.ts';
import type { MeasuredRun, RunPlace } from './measured-run.ts';
import { orSentence } from './or-sentence.ts';
import { chooseOwnTarget } from './own-model.ts';
import { keyOfRun } from './planned-run.ts';
import type { PlannedRun } from './planned-run.ts';
import { createProgressLine } from './progress-line.ts';
import { openRunKeeper } from './run-keeper.ts';
import { orderSweep } from './sweep-order.ts';
import type { SweepStage } from './sweep-order.ts';

/** What a sweep came to. */
export type SweepOutcome = {
  /** Every run that began, in the order in which they were made. */
  readonly runs: readonly MeasuredRun[];
  /** Targets that were refused or did not load, and runs that broke off. */
  readonly failures: number;
  /** Sources that could not be opened, runs not written or not delivered: sentences not told yet. */
  readonly refusals: readonly string[];
  /** Of results.json. */
  readonly resultsPath: string;
};

/** What a sweep does with the world; a test may give its own. */
export type SweepTools = {
  readonly openTab: typeof openHeadlessTab;
  /** Resolves after so many ms. */
  readonly wait: (ms: number) => Promise<unknown>;
};

const usualTools: SweepTools = { openTab: openHeadlessTab, wait: (ms) => waitMs(ms) };

/**
 * Runs everything that is asked for, after all weights are there: a download between two runs would let the
 * device cool before one of them. Licence notices, and what happens to a single target, are told to `complain`
 * at once, in sentences. The sweep closes the tab that `openTab` gives it.
 * Throws a BenchError when the own model, the results folder or the browser cannot be used.
 */
export async function sweep(
  options: BenchOptions,
  complain: (sentence: string) => void,
  { openTab, wait }: SweepTools = usualTools,
): Promise<SweepOutcome> {
  const { ownModel, keypoints, coolDownMs } = options;
  const progress = createProgressLine(process.stderr);
  const measured: MeasuredRun[] = [];
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
  const gate = passLicenseGate(targetsOf(options.runs), options.acceptLicense);
  gate.refusals.forEach(fail);
  gate.notices.forEach(say);
  const runs = options.runs.filter(({ target }) => !target || gate.admitted.includes(target));
  const deviceId = randomUUID();
  // Each call crosses processes, so a run that nobody watches is spared them.
  const tab = await openTab(
    process.stderr.isTTY ? (done, planned) => progress.update(done, planned) : null,
  );

  /** False when the target cannot be run. */
  async function measure(run: PlannedRun, targetId: string, place: RunPlace): Promise<boolean> {
    progress.begin(`${targetId} on ${run.source.name}`);
    const request = { ...run.conditions, targetId, deviceId, keypoints };
    const outcome = await orSentence(tab.run(request));
    if (typeof outcome === 'string') {
      fail(`${targetId} did not run: ${outcome}`);
      return false;
    }
    const { failure } = outcome.summary;
    if (failure) fail(`the run of ${targetId} failed: ${failure}`);
    measured.push(measuredRunOf(outcome, place));
    await keeper.keep(outcome);
    return true;
  }

  try {
    const ownId = ownModel && chooseOwnTarget(ownModel, await tab.importModel(ownModel));
    const idOf = ({ target }: PlannedRun): string => target?.id ?? ownId ?? '';
    progress.begin('weights');
    // Whatever cannot be had, the runs that need it will say so.
    await orSentence(tab.prefetch([...new Set(runs.map(idOf))]));
    let isFirst = true;

    for (const [stage, { source, maxFrames, rounds }] of orderSweep(runs, options).entries()) {
      const refusal = await orSentence(tab.openSource(source, maxFrames));
      if (typeof refusal === 'string') {
        refusals.push(refusal);
        continue;
      }
      // A target that cannot be run would say the same in every round.
      const failed = new Set<string>();
      for (const [round, run] of inTurn(rounds)) {
        if (failed.has(keyOfRun(run))) continue;
        if (!isFirst) await wait(coolDownMs);
        isFirst = false;
        const place = { stage, round, order: runs.indexOf(run) };
        if (!(await measure(run, idOf(run), place))) failed.add(keyOfRun(run));
      }
    }
  } finally {
    progress.clear();
    await tab.close();
  }
  const { resultsPath } = keeper;
  return { runs: measured, failures, refusals: [...refusals, ...keeper.refusals()], resultsPath };
}

function targetsOf(runs: readonly PlannedRun[]): Target[] {
  return [...new Set(runs.flatMap(({ target }) => target ?? []))];
}

/** The runs of all rounds, each with the number of its round. */
function inTurn(rounds: SweepStage['rounds']): (readonly [round: number, run: PlannedRun])[] {
  return rounds.flatMap((runs, round) => runs.map((run) => [round, run] as const));
}
