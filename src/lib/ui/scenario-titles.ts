// The scenarios by the names and in the words that users read.
import type { ScenarioId } from '../benchmark/run-plan.ts';

export const scenarioTitles: Readonly<Record<ScenarioId, string>> = {
  'single-stream': 'Single stream',
  offline: 'Offline',
  live: 'Live',
  'multi-stream': 'Multi-stream',
};

/** What happens to the frames, in one sentence. */
export const scenarioTexts: Readonly<Record<ScenarioId, string>> = {
  'single-stream': 'The next frame is taken when the last is done: how long one frame takes.',
  offline: 'Frames are decoded ahead and the engine never waits: how many get done.',
  live: 'Frames come at the pace of the source and late ones are dropped: how old a result is.',
  'multi-stream': 'Several live streams at once, an engine each: how many the device holds.',
};
