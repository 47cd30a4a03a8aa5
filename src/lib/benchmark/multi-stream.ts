// The `multi-stream` scenario: several live streams at the source's rate, each with its own engine and its
// own decoding, and the search for how many the device holds.
import { isEngineError } from '../engines/pose-engine.ts';
import { summariseStreams } from './live.ts';
import { PROBE_FRAMES, SEARCH_LIMIT_MS } from './live-search.ts';
import type { LiveProbe } from './live-summary.ts';
import { durationLimit } from './repeat-frames.ts';
import type { ScenarioInput, ScenarioReport } from './scenario.ts';
import { createMissBudget, deadlineOf, MAX_MISSED_DEADLINES, missedShare } from './stream-log.ts';
import type { StreamReport } from './stream-log.ts';
import { runStreams } from './streams-together.ts';
import { shareMissedWithoutLoss } from './trial-without-loss.ts';
import { warmUp } from './warm-up.ts';
import type { WarmEngine } from './warm-up.ts';

/** Streams that a search tries at most: engines take memory, and no page shows more people's cameras. */
export const MAX_STREAMS = 16;

type Streams = readonly [StreamReport, ...StreamReport[]];

/**
 * Runs as many streams as were asked for, or else as many as were found to be held (one where none is), to
 * the end of the source or for the set duration. Engines are warmed up before the first trial, so the first
 * sample is no first inference. `live` covers the frames of all streams; a number of streams is held when
 * each of them misses at most 1 % of its deadlines. Rejects when aborted or when the source or an engine
 * fails.
 */
export async function runMultiStream(input: ScenarioInput): Promise<ScenarioReport> {
  const { source, settings, timer } = input;
  const first = await warmUp(input.engine, input);
  const engines: WarmEngine[] = [first];
  const search = settings.streams === null ? await searchStreams(input, engines) : null;
  const count = settings.streams ?? Math.max(1, search?.held ?? 1);
  while (engines.length < count) engines.push(await addEngine(input));
  // What the search had too many would count as used.
  for (const { engine } of engines.splice(count)) await engine.dispose();
  const reports = await runStreams(input, engines, {
    durationMs: durationLimit(source, settings),
    maxFrames: null,
    isOver: () => false,
    onStart: () => {
      input.onStart();
      return timer.clock();
    },
  }).finally(input.onEnd);
  const probes = search?.probes ?? [];
  const runHeld = worstShare(reports) <= MAX_MISSED_DEADLINES ? count : null;
  return {
    live: { ...summariseStreams(reports), maxFps: null, probes: [] },
    streams: { streams: count, held: search ? search.held : runHeld, probes },
    firstInferenceMs: first.firstInferenceMs,
  };
}

type StreamSearch = { readonly held: number | null; readonly probes: readonly LiveProbe[] };

/**
 * Adds stream after stream until one misses more than it may, time is up or `MAX_STREAMS` is reached. One by
 * one and not doubling: an engine too many can take the page's memory. One that cannot even be loaded and
 * warmed up misses everything.
 */
async function searchStreams(input: ScenarioInput, engines: WarmEngine[]): Promise<StreamSearch> {
  const { timer } = input;
  const endMs = timer.clock() + SEARCH_LIMIT_MS;
  const probes: LiveProbe[] = [];
  let held: number | null = null;
  for (let value = 1; value <= MAX_STREAMS; value += 1) {
    if (timer.clock() + PROBE_FRAMES * periodOf(engines) > endMs) break;
    const missedDeadlines = await tryStreams(input, engines, value);
    probes.push({ value, missedDeadlines });
    if (missedDeadlines > MAX_MISSED_DEADLINES) break;
    held = value;
  }
  return { held, probes };
}

/** The share of deadlines that the worst of this many streams missed, in [0, 1]. */
async function tryStreams(
  input: ScenarioInput,
  engines: WarmEngine[],
  count: number,
): Promise<number> {
  try {
    while (engines.length < count) engines.push(await addEngineOnTrial(input));
    return await shareMissedWithoutLoss(input, engines, () => worstOfTrial(input, engines));
  } catch (cause) {
    // One stream alone fails in the run as well.
    if (count > 1 && isEngineError(cause) && !input.signal.aborted) return 1;
    throw cause;
  }
}

async function worstOfTrial(input: ScenarioInput, engines: readonly WarmEngine[]): Promise<number> {
  const deadlineMs = deadlineOf(periodOf(engines));
  const budgets = engines.map(() => createMissBudget(PROBE_FRAMES));
  const reports = await runStreams(
    {
      ...input,
      wantsPreview: () => false,
      onSample({ stream, endToEndMs }) {
        if (endToEndMs > deadlineMs) budgets[stream]?.spend();
      },
      onDrop: (_, stream) => budgets[stream]?.spend(),
    },
    engines,
    {
      durationMs: null,
      maxFrames: PROBE_FRAMES,
      // One stream that is not held decides it.
      isOver: () => budgets.some((budget) => budget.isSpent()),
      onStart: () => input.timer.clock(),
    },
  );
  return worstShare(reports);
}

/** One more engine. One that fails or is lost for good before it is warm is not kept: it would take memory. */
async function addEngine(input: ScenarioInput, isReplaced?: () => boolean): Promise<WarmEngine> {
  const engine = await input.addEngine(isReplaced);
  try {
    return await warmUp(engine, input);
  } catch (cause) {
    await engine.dispose().catch(() => undefined);
    throw cause;
  }
}

/** One that is lost before it is warm is one too many: not replaced, nor a restart of the run. */
async function addEngineOnTrial(input: ScenarioInput): Promise<WarmEngine> {
  let isWarm = false;
  const warm = await addEngine(input, () => isWarm);
  isWarm = true;
  return warm;
}

function periodOf([first]: readonly WarmEngine[]): number {
  return first?.periodMs ?? 0;
}

function worstShare(reports: Streams): number {
  const shares = reports.map((report) => missedShare(report, deadlineOf(report.periodMs)) ?? 1);
  return Math.max(...shares);
}
