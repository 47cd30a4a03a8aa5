// Splits the time of a frame among the stages of a pipeline.

/** The stages of a pipeline. */
export type PipelineStage = 'preprocess' | 'inference' | 'postprocess';

/** Reads the clock once per change of stage, so that the stages add up without gaps. */
export type StageTimer = {
  /** The time since the last call, or since the timer was made, goes to this stage. */
  lap(stage: PipelineStage): void;
  /** What each stage got so far, in ms. */
  readonly totals: {
    readonly preprocessMs: number;
    readonly inferenceMs: number;
    readonly postprocessMs: number;
  };
};

/** A timer that starts now. */
export function startStageTimer(clock: () => number): StageTimer {
  const spentMs = { preprocess: 0, inference: 0, postprocess: 0 };
  let lastMs = clock();
  return {
    lap(stage) {
      const nowMs = clock();
      spentMs[stage] += nowMs - lastMs;
      lastMs = nowMs;
    },
    get totals() {
      return {
        preprocessMs: spentMs.preprocess,
        inferenceMs: spentMs.inference,
        postprocessMs: spentMs.postprocess,
      };
    },
  };
}
