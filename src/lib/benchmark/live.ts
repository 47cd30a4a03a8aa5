// The `live` scenario: one stream at the source's own rate, and on request a search for the highest rate
// that could still be followed. How frames are released and dropped: live-stream.ts.
import { summariseLatencies } from '../metrics/distribution.ts';
import { quantile, sortedSamples } from '../metrics/quantile.ts';
import { findMaxFps } from './live-search.ts';
import type { RateSearch } from './live-search.ts';
import { runLiveStream } from './live-stream.ts';
import type { LiveSummary } from './live-summary.ts';
import { durationLimit } from './repeat-frames.ts';
import type { ScenarioInput, ScenarioReport } from './scenario.ts';
import { countLate, deadlineOf } from './stream-log.ts';
import type { StreamReport } from './stream-log.ts';
import { warmUp } from './warm-up.ts';
import type { WarmEngine } from './warm-up.ts';

const notSearched: RateSearch = { maxFps: null, probes: [] };

/**
 * Runs the source at its own rate to its end or for the set duration, a clip pass after pass, on an engine
 * that has seen some frames: whoever shows live pictures lets it warm up first. Then searches,
 * where asked to and where the source can come faster. The frames of the search are no samples. Rejects
 * when aborted or when the source or the engine fails.
 */
export async function runLive(input: ScenarioInput): Promise<ScenarioReport> {
  const { source, settings, timer } = input;
  const warm = await warmUp(input.engine, input);
  const run = await runLiveStream({
    ...input,
    stream: 0,
    rate: 1,
    phase: 0,
    durationMs: durationLimit(source, settings),
    maxFrames: null,
    firstTimestampMs: warm.nextTimestampMs,
    isOver: () => false,
    start() {
      input.onStart();
      return timer.clock();
    },
  }).finally(input.onEnd);
  warm.nextTimestampMs = run.nextTimestampMs;
  // A search that is cancelled or fails takes nothing away from the run before it.
  const search = settings.findMaxFps
    ? await searchFrom(input, warm, run).catch(() => notSearched)
    : notSearched;
  const { firstInferenceMs } = warm;
  return { live: { ...summariseStreams([run]), ...search }, streams: null, firstInferenceMs };
}

async function searchFrom(
  input: ScenarioInput,
  warm: WarmEngine,
  run: StreamReport,
): Promise<RateSearch> {
  const serviceMs = quantile(sortedSamples(run.servicesMs), 0.5);
  const isCamera = input.source.info.kind === 'camera';
  if (isCamera || run.fps === null || serviceMs === null) return notSearched;
  const { source, timer, signal, engineRestarts } = input;
  return findMaxFps({
    source,
    warm,
    timer,
    signal,
    engineRestarts,
    sourceFps: run.fps,
    serviceMs,
  });
}

/** What streams of one source came to, all their frames together. Rate and deadline are the first stream's. */
export function summariseStreams(
  reports: readonly [StreamReport, ...StreamReport[]],
): Omit<LiveSummary, 'maxFps' | 'probes'> {
  const [{ fps, periodMs }] = reports;
  const deadlineMs = deadlineOf(periodMs);
  const released = reports.reduce((sum, report) => sum + report.released, 0);
  const dropped = reports.reduce((sum, report) => sum + report.dropped, 0);
  const lateFrames = reports.reduce((sum, report) => sum + countLate(report, deadlineMs), 0);
  return {
    sourceFps: fps,
    deadlineMs,
    lateFrames,
    missedDeadlines: released === 0 ? null : (dropped + lateFrames) / released,
    resultAgeMs: summariseLatencies(reports.flatMap(({ agesMs }) => agesMs)),
  };
}
