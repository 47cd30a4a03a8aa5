// A trial of a search in which an engine is lost: what was missed meanwhile says nothing of the device.
import type { ScenarioInput } from './scenario.ts';
import { warmUp } from './warm-up.ts';
import type { WarmEngine } from './warm-up.ts';

/** One that is lost by chance is not lost twice in a row; one that is asked too much is. */
const MAX_TRIALS = 2;

/**
 * The share of deadlines that a trial on these engines missed, in [0, 1]. A trial in which one was lost and
 * replaced is made again; where one is lost again, all count as missed. The engines are warm afterwards,
 * whatever happened. Rejects as the trial does.
 */
export async function shareMissedWithoutLoss(
  input: Pick<ScenarioInput, 'source' | 'signal' | 'engineRestarts'>,
  engines: readonly WarmEngine[],
  trial: () => Promise<number>,
): Promise<number> {
  for (let made = 0; made < MAX_TRIALS; made += 1) {
    const restarts = input.engineRestarts();
    const missedDeadlines = await trial();
    if (input.engineRestarts() === restarts) return missedDeadlines;
    // Which of them is new and cold nobody knows.
    for (const warm of engines) {
      const again = await warmUp(warm.engine, input, warm.nextTimestampMs);
      warm.nextTimestampMs = again.nextTimestampMs;
    }
  }
  return 1;
}
