// How frames are to arrive, as the command line says it.
import { MAX_PLANNED_STREAMS, MAX_RUN_MS, scenarioIds } from '../src/lib/benchmark/run-plan.ts';
import type { RunRecipe } from '../src/lib/benchmark/run-plan.ts';
import { BenchError } from './bench-error.ts';
import { readCount } from './read-count.ts';

const MS_PER_SECOND = 1000;

/** The arguments as they were given. */
export type ScenarioArguments = {
  readonly scenario?: string | undefined;
  readonly seconds?: string | undefined;
  readonly 'max-fps'?: boolean | undefined;
  readonly streams?: string | undefined;
};

/**
 * The scenario and what it is told. Pictures have no clock and no rate, and are looked at once. Throws a
 * BenchError when something is wrong, or says nothing because of something else.
 */
export function readScenarioArguments(
  args: ScenarioArguments,
  onImages: boolean,
): Pick<RunRecipe, 'scenario' | 'settings'> {
  const { seconds, streams, 'max-fps': findMaxFps = false } = args;
  const scenario = readScenario(args.scenario ?? 'single-stream');
  if (onImages && scenario !== 'single-stream') {
    throw new BenchError(
      `--scenario ${scenario} and --images exclude each other, because pictures come at no rate. Leave one of them out.`,
    );
  }
  if (onImages && seconds !== undefined) {
    throw new BenchError(
      '--seconds and --images exclude each other, because each picture is looked at once. Leave one of them out.',
    );
  }
  if (findMaxFps && scenario !== 'live') {
    throw new BenchError(
      `--max-fps searches the rate that a live run can follow, but the scenario is ${scenario}. Add --scenario live, or leave it out.`,
    );
  }
  if (streams !== undefined && scenario !== 'multi-stream') {
    throw new BenchError(
      `--streams says how many live streams there are at once, but the scenario is ${scenario}. Add --scenario multi-stream, or leave it out.`,
    );
  }
  return {
    scenario,
    settings: {
      durationMs:
        seconds === undefined
          ? null
          : MS_PER_SECOND * readCount('--seconds', seconds, 1, MAX_RUN_MS / MS_PER_SECOND),
      findMaxFps,
      streams:
        streams === undefined ? null : readCount('--streams', streams, 1, MAX_PLANNED_STREAMS),
    },
  };
}

function readScenario(text: string): RunRecipe['scenario'] {
  const scenario = scenarioIds.find((id) => id === text);
  if (scenario) return scenario;
  throw new BenchError(`--scenario is "${text}", but must be one of: ${scenarioIds.join(', ')}.`);
}
