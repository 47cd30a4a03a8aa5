// Which runs of a sweep may be compared: same source, scenario and settings, other targets or options.
import type { RunSummary } from '../src/lib/benchmark/run-result.ts';
import type { MeasuredRun } from './measured-run.ts';

/** All runs of one target with the same options, which came to their end. */
export type ComparedTarget = {
  /** The target's id, and what of its options is not the same for all of them. */
  readonly label: string;
  /** In the order of the rounds. */
  readonly runs: readonly MeasuredRun[];
};

/** Targets that ran under the same conditions, in the order in which they were asked for. */
export type RunGroup = {
  /** The source and, unless frames are taken one by one, the scenario. */
  readonly title: string;
  readonly targets: readonly ComparedTarget[];
};

/** The groups; runs that broke off are in none. */
export function groupRuns(runs: readonly MeasuredRun[]): RunGroup[] {
  const finished = runs
    .filter(({ summary }) => summary.outcome === 'finished')
    .toSorted((a, b) => a.order - b.order);
  const groups = Map.groupBy(finished, ({ stage, summary }) =>
    JSON.stringify([stage, summary.scenario, summary.recipe?.settings]),
  );
  return [...groups.values()].map((alike) => ({
    title: titleOf(alike),
    targets: targetsIn(alike),
  }));
}

function targetsIn(runs: readonly MeasuredRun[]): ComparedTarget[] {
  const rows = Map.groupBy(runs, ({ summary }) =>
    JSON.stringify([summary.target, summary.options]),
  );
  const varied = variedOptions(runs.map(({ summary }) => summary));
  return [...rows.values()].map((ofOne) => ({
    label: labelOf(ofOne, varied),
    runs: ofOne.toSorted((a, b) => a.round - b.round),
  }));
}

type OptionName = keyof RunSummary['options'];

/** The options that runs of one target differ by. */
function variedOptions(summaries: readonly RunSummary[]): OptionName[] {
  const [first] = summaries;
  const names = Object.keys(first?.options ?? {}) as OptionName[];
  const perTarget = [...Map.groupBy(summaries, ({ target }) => target).values()];
  return names.filter((name) =>
    perTarget.some((ofOne) => new Set(ofOne.map(({ options }) => options[name])).size > 1),
  );
}

function labelOf([first]: readonly MeasuredRun[], varied: readonly OptionName[]): string {
  if (!first) return '';
  const { target, options } = first.summary;
  return [target, ...varied.map((name) => `${name} ${options[name]}`)].join(', ');
}

function titleOf([first]: readonly MeasuredRun[]): string {
  if (!first) return '';
  const { scenario, source } = first.summary;
  return scenario === 'single-stream' ? source.name : `${source.name}, ${scenario}`;
}
