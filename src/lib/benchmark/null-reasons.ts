// Why figures of a run's summary are not known: a sentence for each, under its dotted path.
import type { LatencySummary } from '../metrics/distribution.ts';
import { minSamplesForPercentile } from '../metrics/early-stopping.ts';
import { timings } from './timings.ts';
import type { RunAccuracy } from './accuracy.ts';
import type { RunSummary } from './run-result.ts';
import type { SteadyStateSummary } from './steady-summary.ts';

/** The figures whose absence is explained here; who measured resources explains theirs. */
export type KnownFigures = Pick<
  RunSummary,
  | 'scenario'
  | 'source'
  | 'frames'
  | 'latencyMs'
  | 'firstInferenceMs'
  | 'steadyState'
  | 'live'
  | 'streams'
  | 'sustained'
  | 'quality'
  | 'accuracy'
  | 'parity'
  | 'backend'
>;

/**
 * The reasons of everything that is null, each a whole sentence. `parityProblem` is what went wrong with the
 * comparison, where something did.
 */
export function nullReasonsOf(
  figures: KnownFigures,
  parityProblem: string | null,
): Record<string, string> {
  return {
    ...reasonsOfFrames(figures),
    ...reasonsOfCourse(figures),
    ...reasonsOfQuality(figures),
    ...(parityProblem !== null && { parity: parityProblem }),
  };
}

function reasonsOfFrames(figures: KnownFigures): Record<string, string> {
  const { frames, latencyMs } = figures;
  const { processed, detected } = frames;
  if (processed === 0) return Object.fromEntries(needFrames.map((path) => [path, NO_FRAMES]));
  const reasons: Record<string, string> = {};
  for (const timing of timings) {
    if (latencyMs[timing]) continue;
    reasons[`latencyMs.${timing}`] = latencyMs.endToEnd ? CLOSED_PIPELINE : NOT_KEPT;
  }
  if (latencyMs.endToEnd)
    Object.assign(reasons, percentilesWithheld('latencyMs.*', latencyMs.endToEnd));
  if (figures.firstInferenceMs === null) reasons['firstInferenceMs'] = BROKEN_OFF;
  if (figures.quality.meanVisibility === null) {
    for (const path of needPeople) reasons[path] = detected === 0 ? NOBODY : NOT_KEPT;
  }
  return reasons;
}

/** The percentiles of these latencies that are null, under the path of the latencies. */
function percentilesWithheld(path: string, latencies: LatencySummary): Record<string, string> {
  const reasons: Record<string, string> = {};
  for (const percentile of [90, 95, 99] as const) {
    if (latencies[`p${percentile}`] !== null) continue;
    const needed = minSamplesForPercentile(percentile / 100);
    reasons[`${path}.p${percentile}`] =
      `A p${percentile} needs ${needed} samples (MLPerf early stopping); there are ${latencies.count}.`;
  }
  return reasons;
}

function reasonsOfCourse(figures: KnownFigures): Record<string, string> {
  const { scenario, steadyState, live, sustained, source } = figures;
  const isLive = scenario === 'live' || scenario === 'multi-stream';
  return {
    ...(steadyState === null && { steadyState: NEVER_STEADY }),
    ...(live === null && { live: isLive ? BROKEN_OFF : NOT_LIVE }),
    ...(figures.streams === null && {
      streams:
        scenario === 'multi-stream' ? BROKEN_OFF : 'Only the multi-stream scenario has streams.',
    }),
    ...(figures.streams?.held === null && {
      'streams.held': figures.streams.probes.length > 0 ? NONE_HELD : NOT_HELD,
    }),
    ...(live?.sourceFps === null && { 'live.sourceFps': FEW_FRAMES }),
    ...(live?.missedDeadlines === null && { 'live.missedDeadlines': NO_FRAMES }),
    ...(live?.resultAgeMs === null && { 'live.resultAgeMs': NO_FRAMES }),
    ...(live?.resultAgeMs && percentilesWithheld('live.resultAgeMs', live.resultAgeMs)),
    ...(steadyState && reasonsOfIntervals(steadyState)),
    ...(live?.maxFps === null && {
      'live.maxFps': source.kind === 'camera' ? CAMERA_RATE : NOT_SEARCHED,
    }),
    ...(sustained === null && { sustained: NOT_SUSTAINED }),
    ...(source.sha256 === null && { 'source.sha256': NO_FILE }),
    ...(source.framesDigest === null && { 'source.framesDigest': NO_FILE }),
    ...(source.frameCount === null && { 'source.frameCount': NO_FILE }),
  };
}

function reasonsOfQuality(figures: KnownFigures): Record<string, string> {
  const { quality, accuracy, parity, source } = figures;
  const areUnrelated = source.kind === 'images';
  return {
    ...(quality.jitter === null && {
      'quality.jitter': areUnrelated ? UNRELATED_PICTURES : NO_ONE_PERSON,
    }),
    ...(quality.identityKept === null && {
      'quality.identityKept': areUnrelated ? UNRELATED_PICTURES : NO_FOLLOWED_PERSON,
    }),
    ...(accuracy === null && { accuracy: NO_GROUND_TRUTH }),
    ...(accuracy && reasonsOfAccuracy(accuracy)),
    ...(accuracy?.pckh === null && { 'accuracy.pckh': NO_HEADS }),
    ...(parity?.maxDistance === null && { 'parity.maxDistance': NO_COMMON_PERSON }),
    ...(parity === null && { parity: whyNoParity(figures) }),
  };
}

/** Figures of people of whom there are none: of a size, with a joint, or at all. */
function reasonsOfAccuracy({ joints, ...figures }: RunAccuracy): Record<string, string> {
  const unknown = Object.entries(figures).filter(([, value]) => value === null);
  const areAllKnown = joints.every((joint) => !Object.values(joint).includes(null));
  return {
    ...Object.fromEntries(unknown.map(([name]) => [`accuracy.${name}`, NO_SUCH_PEOPLE])),
    ...(!areAllKnown && { 'accuracy.joints.*': NO_SUCH_JOINT }),
  };
}

function whyNoParity({ backend, source }: KnownFigures): string {
  if (backend === 'wasm') return IS_REFERENCE;
  return source.kind === 'camera' ? CAMERA_TWICE : NOTHING_TO_COMPARE;
}

function reasonsOfIntervals(steady: SteadyStateSummary): Record<string, string> {
  const names = ['effectiveFps', 'latencyP50Ms', 'latencyP90Ms', 'drift'] as const;
  const unknown = names.filter((name) => steady[name] === null);
  return {
    ...Object.fromEntries(unknown.map((name) => [`steadyState.${name}`, NO_INTERVAL])),
    ...percentilesWithheld('steadyState.latencyMs', steady.latencyMs),
  };
}

const NO_FRAMES = 'No frame was processed.';
const NOT_KEPT = 'The browser lost what was measured of the frames.';
const NOBODY = 'Nobody was found in any frame.';
const CLOSED_PIPELINE =
  'The engine is a closed pipeline: how its time divides into stages is not known.';
const NEVER_STEADY =
  'Latency never settled: in no stretch of frames did both halves agree within 5 % and vary by 15 % at most.';
const NO_INTERVAL =
  'The frames of the steady state are too few, or depend on each other too much, to say how well this is known.';
const NOT_HELD = 'So many streams were not held, and fewer were not tried.';
const NONE_HELD = 'Not even one stream was held.';
const FEW_FRAMES = 'The source gave fewer than two frames.';
const NOT_LIVE = 'Frames had no deadlines in this scenario.';
const BROKEN_OFF = 'The run did not finish.';
const CAMERA_RATE = "A camera's rate cannot be changed to find the highest.";
const NOT_SEARCHED =
  'The highest rate was not searched, the search was cancelled, or no rate that could be tried in two minutes was held.';
const NOT_SUSTAINED = 'Only runs of two minutes and more show how a device holds out.';
const NO_FILE = 'A camera has no file, and never shows the same frames twice.';
const NO_ONE_PERSON = 'Jitter needs three frames in a row with exactly one person in each.';
const NO_FOLLOWED_PERSON = 'Identity needs two frames in a row with somebody in each.';
const UNRELATED_PICTURES =
  'Pictures do not follow each other, so nothing moves from one to the next.';
const NO_GROUND_TRUTH =
  'There is no ground truth to compare the poses with, or the run did not finish.';
const NO_SUCH_PEOPLE = 'Nobody in the ground truth is of that kind, or nobody was found.';
const NO_SUCH_JOINT = 'Nobody who was found has that joint in the ground truth.';
const NO_COMMON_PERSON = 'There is no frame in which both found somebody.';
const NO_HEADS = 'The ground truth has no head boxes, which PCKh measures by.';
const IS_REFERENCE = 'The wasm backend is what others are compared with.';
const CAMERA_TWICE =
  'A camera never shows the same frames twice, so nothing can be compared on them.';
const NOTHING_TO_COMPARE =
  'The model does not run on wasm, nobody is in the first frames, or the run did not finish.';

/** Figures about the people found. */
const needPeople = ['quality.meanVisibility', 'quality.confidence'];

/** Figures that need at least one frame. */
const needFrames = [
  'effectiveFps',
  'firstInferenceMs',
  'quality.detectionRate',
  ...needPeople,
  ...timings.map((timing) => `latencyMs.${timing}`),
];
