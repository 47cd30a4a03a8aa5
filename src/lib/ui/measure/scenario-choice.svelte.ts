// How frames arrive: which scenario, and what it is told.
import { defaultSettings } from '../../benchmark/run-plan.ts';
import type { RunRecipe, ScenarioId, ScenarioSettings } from '../../benchmark/run-plan.ts';

/** The choice of a scenario. A camera only has the live one: it waits for nobody, and has no copies. */
export class ScenarioChoice {
  /** Wall time; null ends with the clip. */
  durationMs = $state<number | null>(null);
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
    durationMs: this.durationMs,
    findMaxFps: this.scenario === 'live' && !this.isCamera && this.findMaxFps,
    streams: this.scenario === 'multi-stream' ? this.streams : null,
  }));

  /** Takes over what a plan asks for. */
  apply({ scenario, settings }: RunRecipe): void {
    this.#scenario = scenario;
    this.durationMs = settings.durationMs;
    this.findMaxFps = settings.findMaxFps;
    this.streams = settings.streams;
  }

  /** As if nobody had chosen any. */
  reset(): void {
    this.#scenario = 'single-stream';
    this.durationMs = defaultSettings.durationMs;
    this.findMaxFps = defaultSettings.findMaxFps;
    this.streams = defaultSettings.streams;
  }
}
