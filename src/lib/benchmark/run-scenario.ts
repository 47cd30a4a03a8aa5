// Which function runs which scenario.
import { runLive } from './live.ts';
import { runMultiStream } from './multi-stream.ts';
import { runOffline } from './offline.ts';
import type { ScenarioId } from './run-plan.ts';
import type { ScenarioInput, ScenarioReport } from './scenario.ts';
import { runSingleStream } from './single-stream.ts';

/** Of a scenario that has nothing to report but its samples. */
const plain: ScenarioReport = { live: null, streams: null, firstInferenceMs: null };

/** Runs a scenario to its end. Rejects when aborted or when the source or an engine fails. */
export async function runScenario(
  scenario: ScenarioId,
  input: ScenarioInput,
): Promise<ScenarioReport> {
  switch (scenario) {
    case 'single-stream':
      await runSingleStream(input).finally(input.onEnd);
      return plain;
    case 'offline':
      await runOffline(input).finally(input.onEnd);
      return plain;
    case 'live':
      return runLive(input);
    case 'multi-stream':
      return runMultiStream(input);
  }
}
