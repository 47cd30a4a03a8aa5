// How frames arrive: which scenario, and what it is told.
import { defaultSettings } from '../../benchmark/run-plan.ts';
import type { RunRecipe, ScenarioId, ScenarioSettings } from '../../benchmark/run-plan.ts';

const MS_PER_MINUTE = 60_000;

/** The choice of a scenario. A camera only has the live one: it waits for nobody, and has no copies. */
export class ScenarioChoice {
  /** Wall time in minutes; null ends with the clip. */
  minutes = $state<number | null>(null);
  findMaxFps = $state(false);
  /** Null searches the largest number. */
  streams = $state<number | null>(null);
  isCamera = $state(false);

  #scenario = $state<ScenarioId>('single-stream');

  get scenario(): ScenarioId {
    return this.isCamera ? 'live' : this.#scenario;
  }

  set scenario(scenario: ScenarioId) {
    this.#scenario = scenario;
  }

  /** Only what the scenario has a use for, so that equal runs have equal plans. */
  readonly settings = $derived.by((): ScenarioSettings => ({
    ...defaultSettings,
    durationMs: this.minutes === null ? null : this.minutes * MS_PER_MINUTE,
    findMaxFps: this.scenario === 'live' && !this.isCamera && this.findMaxFps,
    streams: this.scenario === 'multi-stream' ? this.streams : null,
  }));

  /** Takes over what a plan asks for. */
  apply({ scenario, settings }: RunRecipe): void {
    this.#scenario = scenario;
    this.minutes = settings.durationMs === null ? null : settings.durationMs / MS_PER_MINUTE;
    this.findMaxFps = settings.findMaxFps;
    this.streams = settings.streams;
  }
}
