// `npm run bench:engines`: BlazePose on every engine, in turn with the least that one can write with
// MediaPipe; how much faster each is than that loop, and whether it still puts the joints where they are.
import { parseArgs } from 'node:util';
import type { Page } from '@playwright/test';
import { defaultEngineOptions } from '../src/lib/engines/default-options.ts';
import { agreementOf } from '../src/lib/metrics/agreement.ts';
import { medianInterval } from '../src/lib/metrics/median-interval.ts';
import type { Target } from '../src/lib/models/target.ts';
import type { Pose } from '../src/lib/pose/pose.ts';
import type { KeypointLine } from '../src/lib/ui/headless-api.ts';
import { meanOks, readActorTruth } from './actor-truth.ts';
import type { ActorTruth } from './actor-truth.ts';
import { BenchError } from './bench-error.ts';
import { openBenchBrowser } from './browser.ts';
import {
  openClipInBrowser,
  runBareLoopInBrowser,
  runInBrowser,
  waitForHeadlessApi,
} from './run-in-browser.ts';
import { selectTargets } from './select-targets.ts';

/** What everything is compared with. */
const BARE_TARGET_ID = 'mediapipe/blazepose-lite@wasm';
/** Whose keypoints the other engines' are compared with: the networks as they came, smoothed by nobody. */
const REFERENCE_ENGINE = 'litert';
/** Six rounds are the fewest that give an interval of the median at this confidence. */
const MIN_ROUNDS = 6;
const MIN_CONFIDENCE = 0.95;
const EXIT_REFUSED = 2;

const USAGE = `Usage: npm run bench:engines -- [options]

  --target ID      targets to compare, with * for any part; may be given more than once
                   (default: *blazepose-*@wasm)
  --frames N       frames of the actor in each run (default: 150)
  --rounds N       how often each target runs, at least ${MIN_ROUNDS} (default: ${MIN_ROUNDS})
  --help           print this
`;

/** What is known of a target after all rounds. */
type Record = {
  readonly target: Target;
  readonly fps: number[];
  /** FPS over that of the bare loop in the same round. */
  readonly ratios: number[];
  /** Of the last round, one per frame. */
  poses: (Pose | null)[];
};

try {
  const { values } = readArguments();
  if (values.help) console.log(USAGE);
  else {
    const frames = readCount('--frames', values.frames, 1);
    const rounds = readCount('--rounds', values.rounds, MIN_ROUNDS);
    await compare(selectTargets(values.target), frames, rounds);
  }
} catch (cause) {
  if (!(cause instanceof BenchError)) throw cause;
  console.error(`kinemark bench: ${cause.message}`);
  process.exitCode = EXIT_REFUSED;
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        target: { type: 'string', multiple: true, default: ['*blazepose-*@wasm'] },
        frames: { type: 'string', default: '150' },
        rounds: { type: 'string', default: String(MIN_ROUNDS) },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    const [reason = ''] = (cause as Error).message.split('\n');
    throw new BenchError(`${reason.replace(/\.$/, '')}. See npm run bench:engines -- --help`);
  }
}

function readCount(option: string, text: string, least: number): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= least) return count;
  throw new BenchError(`${option} is "${text}", but must be a whole number of at least ${least}.`);
}

async function compare(targets: readonly Target[], frames: number, rounds: number): Promise<void> {
  const truth = await readActorTruth();
  const records = targets.map((target): Record => ({ target, fps: [], ratios: [], poses: [] }));
  const bareFps: number[] = [];
  const browser = await openBenchBrowser();
  try {
    const page = await browser.openPage('/headless');
    await waitForHeadlessApi(page);
    await openClipInBrowser(page, { path: null, name: 'the actor clip' }, frames);
    for (let round = 0; round < rounds; round += 1) {
      const bare = await runBareLoopInBrowser(page, BARE_TARGET_ID);
      bareFps.push(bare);
      // Each round begins elsewhere, so that nobody always follows the same one.
      for (const record of rotated(records, round)) await measure(page, record, frames, bare);
      console.error(`round ${round + 1} of ${rounds} done`);
    }
  } finally {
    await browser.close();
  }
  console.log(
    `BlazePose on the actor, ${frames} frames, ${rounds} interleaved rounds. The bare loop (MediaPipe detectForVideo, lite) ran at ${intervalOf(bareFps, 1)} FPS.\n`,
  );
  for (const line of table(records, truth)) console.log(line);
}

async function measure(page: Page, record: Record, frames: number, bareFps: number): Promise<void> {
  const { summary, keypoints } = await runInBrowser(page, {
    targetId: record.target.id,
    maxFrames: frames,
    deviceId: crypto.randomUUID(),
    keypoints: true,
    options: defaultEngineOptions,
  });
  const { effectiveFps, failure, frames: counts } = summary;
  if (effectiveFps === null || failure !== null || counts.processed !== frames) {
    throw new BenchError(
      `${record.target.id} did not process all ${frames} frames${failure ? `: ${failure}` : '.'}`,
    );
  }
  record.fps.push(effectiveFps);
  record.ratios.push(effectiveFps / bareFps);
  record.poses = keypoints.map(bestPose);
}

function bestPose({ skeleton, poses }: KeypointLine): Pose | null {
  const [best] = poses.toSorted((a, b) => b.score - a.score);
  if (!best) return null;
  const keypoints = best.keypoints.map(([x, y, score]) => ({ x, y, score }));
  return { skeleton, score: best.score, keypoints };
}

function rotated<T>(items: readonly T[], by: number): T[] {
  const start = by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

function table(records: readonly Record[], truth: ActorTruth): string[] {
  const rows = records.map((record) => {
    const { target, fps, ratios, poses } = record;
    const reference = records.find(
      (other) => other.target.engine === REFERENCE_ENGINE && other.target.model === target.model,
    );
    const apart = reference && reference !== record ? agreementOf(reference.poses, poses) : null;
    return [
      target.id,
      intervalOf(fps, 1),
      intervalOf(ratios, 2),
      meanOks(truth, poses)?.toFixed(3) ?? '–',
      percent(apart?.medianDistance),
      percent(apart?.p95Distance),
    ];
  });
  const header = [
    'target',
    'FPS (interval of the median)',
    '× bare loop',
    'mean OKS',
    `median from ${REFERENCE_ENGINE}`,
    '95th percentile',
  ];
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function intervalOf(values: readonly number[], digits: number): string {
  const { middle, low, high } = medianInterval(values, MIN_CONFIDENCE);
  return `${middle.toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`;
}

/** A share of the torso's length. */
function percent(share: number | null | undefined): string {
  return share === null || share === undefined ? '–' : `${(100 * share).toFixed(2)} % of torso`;
}
