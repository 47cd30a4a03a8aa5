// Why figures of a run's summary are not known: a sentence for each, under its dotted path.
import { minSamplesForPercentile } from '../metrics/early-stopping.ts';
import { timings } from './timings.ts';
import type { RunSummary } from './run-result.ts';

/** The figures whose absence is explained here; who measured resources explains theirs. */
export type KnownFigures = Pick<
  RunSummary,
  | 'scenario'
  | 'source'
  | 'frames'
  | 'latencyMs'
  | 'steadyState'
  | 'live'
  | 'sustained'
  | 'quality'
  | 'accuracy'
  | 'parity'
  | 'backend'
>;

/** The reasons of everything that is null, each a whole sentence. */
export function nullReasonsOf(figures: KnownFigures): Record<string, string> {
  return {
    ...reasonsOfFrames(figures),
    ...reasonsOfCourse(figures),
    ...reasonsOfQuality(figures),
  };
}

function reasonsOfFrames({ frames, latencyMs }: KnownFigures): Record<string, string> {
  const { processed, detected } = frames;
  if (processed === 0) return Object.fromEntries(needFrames.map((path) => [path, NO_FRAMES]));
  const reasons: Record<string, string> = {};
  for (const timing of timings) {
    if (!latencyMs[timing]) reasons[`latencyMs.${timing}`] = CLOSED_PIPELINE;
  }
  for (const percentile of [90, 95, 99]) {
    const needed = minSamplesForPercentile(percentile / 100);
    if (processed >= needed) continue;
    reasons[`latencyMs.*.p${percentile}`] =
      `A p${percentile} needs ${needed} samples (MLPerf early stopping); there are ${processed}.`;
  }
  if (detected === 0) {
    for (const path of needPeople) reasons[path] = 'Nobody was found in any frame.';
  }
  return reasons;
}

function reasonsOfCourse(figures: KnownFigures): Record<string, string> {
  const { scenario, steadyState, live, sustained, source } = figures;
  const isLive = scenario === 'live' || scenario === 'multi-stream';
  return {
    ...(steadyState === null && { steadyState: NEVER_STEADY }),
    ...(live === null && { live: isLive ? BROKEN_OFF : NOT_LIVE }),
    ...(scenario !== 'multi-stream' && { streams: 'Only the multi-stream scenario has streams.' }),
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
  const { quality, accuracy, parity, backend, source } = figures;
  const areUnrelated = source.kind === 'images';
  return {
    ...(quality.jitter === null && {
      'quality.jitter': areUnrelated ? UNRELATED_PICTURES : NO_ONE_PERSON,
    }),
    ...(quality.identityKept === null && {
      'quality.identityKept': areUnrelated ? UNRELATED_PICTURES : NO_FOLLOWED_PERSON,
    }),
    ...(accuracy === null && { accuracy: NO_GROUND_TRUTH }),
    ...(accuracy?.pckh === null && { 'accuracy.pckh': NO_HEADS }),
    ...(parity === null && { parity: backend === 'wasm' ? IS_REFERENCE : NOTHING_TO_COMPARE }),
  };
}

const NO_FRAMES = 'No frame was processed.';
const CLOSED_PIPELINE =
  'The engine is a closed pipeline: how its time divides into stages is not known.';
const NEVER_STEADY =
  'Latency never settled: in no stretch of frames did both halves agree within 5 % and vary by 15 % at most.';
const NOT_LIVE = 'Frames had no deadlines in this scenario.';
const BROKEN_OFF = 'The run did not finish.';
const CAMERA_RATE = "A camera's rate cannot be changed to find the highest.";
const NOT_SEARCHED =
  'The highest rate was not searched, or not even the lowest that was tried was held.';
const NOT_SUSTAINED = 'Only runs of two minutes and more show how a device holds out.';
const NO_FILE = 'A camera has no file, and never shows the same frames twice.';
const NO_ONE_PERSON = 'Jitter needs three frames in a row with exactly one person in each.';
const NO_FOLLOWED_PERSON = 'Identity needs two frames in a row with somebody in each.';
const UNRELATED_PICTURES =
  'Pictures do not follow each other, so nothing moves from one to the next.';
const NO_GROUND_TRUTH =
  'There is no ground truth to compare the poses with, or the run did not finish.';
const NO_HEADS = 'The ground truth has no head boxes, which PCKh measures by.';
const IS_REFERENCE = 'The wasm backend is what others are compared with.';
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
