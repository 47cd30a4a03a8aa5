// What the command line of `npm run bench` comes to.
import { resolve } from 'node:path';
import { MIN_DURATION_MS } from '../src/lib/benchmark/run-plan.ts';
import { DEFAULT_TARGET_ID } from '../src/lib/models/catalogue.ts';
import type { Target } from '../src/lib/models/target.ts';
import { parseBenchArguments } from './bench-arguments.ts';
import type { BenchArguments } from './bench-arguments.ts';
import { readClips } from './bench-clip.ts';
import { BenchError } from './bench-error.ts';
import { readEngineArguments } from './engine-arguments.ts';
import { readImageSet } from './image-set.ts';
import type { ImageSet } from './image-set.ts';
import { readOwnModel } from './own-model.ts';
import type { OwnModel } from './own-model.ts';
import { readPlanFile } from './plan-file.ts';
import type { PlannedRun, RunConditions } from './planned-run.ts';
import { readCount } from './read-count.ts';
import { readScenarioArguments } from './scenario-arguments.ts';
import { bundledWasmTargets, selectTargets } from './select-targets.ts';

/** What is asked for. */
export type BenchOptions = {
  /** Every run once: a plan's in its order, else every source on every target, the own model first. */
  readonly runs: readonly PlannedRun[];
  readonly ownModel: OwnModel | null;
  /** Whether the user has read what the weights' licences ask for. */
  readonly acceptLicense: boolean;
  /** How often each run is made. */
  readonly repetitions: number;
  /** Of the order of repetitions, and of the intervals of comparisons. */
  readonly seed: number;
  /** Between two runs, for the device to cool and what ran before to end. */
  readonly coolDownMs: number;
  readonly outFolder: string;
  readonly keypoints: boolean;
  /** A running Kinemark that is sent the events too. */
  readonly serverUrl: URL | null;
};

/** Any number does, as long as it is the same one every time. */
const USUAL_SEED = 1;
/** Seeds are unsigned 32-bit integers (benchmark/run-plan.ts). */
const MAX_SEED = 2 ** 32 - 1;
/** Long enough for a worker to end and its memory to be collected; a device that grows warm needs minutes. */
const USUAL_COOL_DOWN_S = 1;
const MAX_COOL_DOWN_S = 3600;
const MS_PER_SECOND = 1000;

/** Reads the arguments; null when only help is asked for. Throws a BenchError naming what is wrong. */
export function readBenchOptions(args: readonly string[]): BenchOptions | null {
  const values = parseBenchArguments(args);
  if (values.help) return null;
  const ownModel = readOwnModel(values);
  const runs =
    values.plan === undefined ? readRuns(values, ownModel) : readPlan(values.plan, values);
  const outFolder = values.out ?? 'results';
  requireOtherFile(values.plan, outFolder);
  return {
    runs,
    ownModel,
    acceptLicense: values['accept-license'] ?? false,
    repetitions: values.repeat === undefined ? 1 : readCount('--repeat', values.repeat),
    seed: runs[0]?.conditions.seed ?? USUAL_SEED,
    coolDownMs: MS_PER_SECOND * readCoolDown(values['cool-down']),
    outFolder,
    keypoints: values.keypoints ?? false,
    serverUrl: values.server === undefined ? null : readServerUrl(values.server),
  };
}

/** The first run's results would take the place of the plan for all others. */
function requireOtherFile(plan: string | undefined, outFolder: string): void {
  if (plan === undefined || resolve(plan) !== resolve(outFolder, 'results.json')) return;
  throw new BenchError(
    `The plan ${plan} would be replaced by the results of its own runs. Name another folder with --out.`,
  );
}

function readRuns(values: BenchArguments, ownModel: OwnModel | null): PlannedRun[] {
  const images = readImages(values);
  const sources = images ? [images] : readClips(values.clip, values.annotations ?? null);
  const named = values.target ? selectTargets(values.target) : usualTargets(images, ownModel);
  const targets = ownModel ? [null, ...named] : named;
  const conditions: RunConditions = {
    options: readEngineArguments(values, images !== null),
    ...readScenarioArguments(values, images !== null),
    maxFrames: values.frames === undefined ? null : readCount('--frames', values.frames),
    seed: values.seed === undefined ? USUAL_SEED : readCount('--seed', values.seed, 0, MAX_SEED),
    minDurationMs: MIN_DURATION_MS,
    expectedDigest: null,
  };
  return sources.flatMap((source) => targets.map((target) => ({ source, target, conditions })));
}

function readPlan(path: string, values: BenchArguments): PlannedRun[] {
  const images = readImages(values);
  const { clip, annotations = null } = values;
  const clips = images || (!clip && annotations === null) ? [] : readClips(clip, annotations);
  return readPlanFile(path, { clips, images });
}

function readImages({ images, annotations }: BenchArguments): ImageSet | null {
  return images === undefined ? null : readImageSet(images, annotations ?? null);
}

/** One target says how fast a clip is; of pictures one wants to know who is right. */
function usualTargets(images: ImageSet | null, ownModel: OwnModel | null): readonly Target[] {
  if (ownModel) return [];
  return images ? bundledWasmTargets() : selectTargets([DEFAULT_TARGET_ID]);
}

function readCoolDown(text: string | undefined): number {
  return text === undefined
    ? USUAL_COOL_DOWN_S
    : readCount('--cool-down', text, 0, MAX_COOL_DOWN_S);
}

function readServerUrl(text: string): URL {
  const url = URL.parse(text);
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new BenchError(
    `--server is "${text}", but must be an address such as http://localhost:3000`,
  );
}
