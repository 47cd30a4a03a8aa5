// The search for the highest rate at which frames of a clip can be followed, by trying rates.
import { runLiveStream } from './live-stream.ts';
import type { LiveProbe } from './live-summary.ts';
import type { ScenarioInput } from './scenario.ts';
import { createMissBudget, deadlineOf, MAX_MISSED_DEADLINES, missedShare } from './stream-log.ts';
import { shareMissedWithoutLoss } from './trial-without-loss.ts';
import type { WarmEngine } from './warm-up.ts';

/** Frames of one trial: one that is missed is 0.8 % and held, two are 1.5 % and not. Also MLPerf's for a p95. */
export const PROBE_FRAMES = 130;

/** The search ends when the lowest rate that was missed is at most this multiple of the highest that was held. */
export const RATE_PRECISION = 1.05;

/** The first trial's share of the rate that the median frame allows: most likely held, so that a bound is known. */
const FIRST_TRIAL_SHARE = 0.97;

/** From rate to rate until one was held and one was missed. */
const RATE_STEP = 1.25;

/** Bounds of the search in frames per second: slower is no live video, and no camera is faster. */
export const MIN_FPS = 1;
export const MAX_FPS = 480;

/** No trial begins that would end later than this after the search began, in ms. */
export const SEARCH_LIMIT_MS = 120_000;

const MS_PER_SECOND = 1000;

/** What is searched on. */
export type RateSearchInput = Pick<ScenarioInput, 'timer' | 'signal' | 'engineRestarts'> & {
  /** Not a camera: nobody can hasten one. */
  readonly source: ScenarioInput['source'];
  /** Its next timestamp grows with each trial. */
  readonly warm: WarmEngine;
  /** The source's own rate, in frames per second. */
  readonly sourceFps: number;
  /** What a frame takes that need not wait, in ms: the search begins near it. */
  readonly serviceMs: number;
};

/** What a search found: the highest rate that was tried and held, if one was, and all that was tried. */
export type RateSearch = { readonly maxFps: number | null; readonly probes: readonly LiveProbe[] };

/**
 * Tries rates until the highest one at which at most 1 % of the frames miss their deadline is known to
 * within 5 %, or time is up. A trial that has missed more than it may ends there; its share is of the
 * frames until then. One in which the engine is lost is made again. Rejects when aborted or when the source
 * or the engine fails.
 */
export async function findMaxFps(input: RateSearchInput): Promise<RateSearch> {
  const { timer } = input;
  const endMs = timer.clock() + SEARCH_LIMIT_MS;
  const probes: LiveProbe[] = [];
  let held: number | null = null;
  let missed: number | null = null;
  let fps: number | null = clampFps((FIRST_TRIAL_SHARE * MS_PER_SECOND) / input.serviceMs);
  while (fps !== null) {
    if (timer.clock() + (PROBE_FRAMES * MS_PER_SECOND) / fps > endMs) break;
    const value = fps;
    const missedDeadlines = await shareMissedWithoutLoss(input, [input.warm], () =>
      tryRate(input, value),
    );
    probes.push({ value, missedDeadlines });
    if (missedDeadlines <= MAX_MISSED_DEADLINES) held = value;
    else missed = value;
    fps = nextFps(held, missed);
  }
  return { maxFps: held, probes };
}

/** The rate to try next, or null when there is none. */
function nextFps(held: number | null, missed: number | null): number | null {
  if (held !== null && missed !== null) {
    return missed / held > RATE_PRECISION ? Math.sqrt(held * missed) : null;
  }
  if (held !== null) return held < MAX_FPS ? clampFps(held * RATE_STEP) : null;
  return missed !== null && missed > MIN_FPS ? clampFps(missed / RATE_STEP) : null;
}

function clampFps(fps: number): number {
  return Math.min(MAX_FPS, Math.max(MIN_FPS, fps));
}

async function tryRate(input: RateSearchInput, fps: number): Promise<number> {
  const { timer, sourceFps, warm } = input;
  const deadlineMs = deadlineOf(MS_PER_SECOND / fps);
  const budget = createMissBudget(PROBE_FRAMES);
  const report = await runLiveStream({
    ...input,
    engine: warm.engine,
    firstTimestampMs: warm.nextTimestampMs,
    stream: 0,
    rate: fps / sourceFps,
    phase: 0,
    durationMs: null,
    maxFrames: PROBE_FRAMES,
    start: () => timer.clock(),
    wantsPreview: () => false,
    onSample({ endToEndMs }) {
      if (endToEndMs > deadlineMs) budget.spend();
    },
    onDrop: () => budget.spend(),
    isOver: budget.isSpent,
  });
  warm.nextTimestampMs = report.nextTimestampMs;
  return missedShare(report, deadlineMs) ?? 1;
}
