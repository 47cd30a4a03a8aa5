// Targets in turn with a bare loop, round after round. A target that fails is left out from then on.
import { randomUUID } from 'node:crypto';
import { MIN_DURATION_MS, defaultSettings } from '../src/lib/benchmark/run-plan.ts';
import { defaultEngineOptions } from '../src/lib/engines/default-options.ts';
import type { Target } from '../src/lib/models/target.ts';
import type { Pose } from '../src/lib/pose/pose.ts';
import type { KeypointLine } from '../src/lib/ui/headless-api.ts';
import { ACTOR } from './bench-clip.ts';
import { BenchError } from './bench-error.ts';
import type { ComparisonOptions } from './comparison-options.ts';
import { openHeadlessTab } from './headless-tab.ts';
import type { HeadlessTab } from './headless-tab.ts';
import { passLicenseGate } from './license-notice.ts';
import { orSentence } from './or-sentence.ts';

/** What everything is compared with. */
const BARE_TARGET_ID = 'mediapipe/blazepose-lite@wasm';
/** Of the runs' own intervals, which a comparison of rounds makes no use of. */
const SEED = 1;

/** What is known of a target. */
export type EngineRecord = {
  readonly target: Target;
  /** One per round. */
  readonly fps: number[];
  /** FPS over that of the bare loop in the same round. */
  readonly ratios: number[];
  /** The best pose of each frame of the last round. */
  poses: readonly (Pose | null)[];
};

/** What a comparison came to. */
export type Comparison = {
  /** Of the targets that came through all rounds, in the order in which they were named. */
  readonly records: readonly EngineRecord[];
  /** FPS of the bare loop, one per round. */
  readonly bareFps: readonly number[];
  /** Targets that were refused or failed. */
  readonly failures: number;
};

/**
 * Runs the comparison on the actor. Licence notices, what happens to a single target, and each round's end
 * are told to `tell` at once. The comparison closes the tab that `openTab` gives it.
 * Throws a BenchError when the browser, the clip or the bare loop does not run.
 */
export async function compareEngines(
  { targets, acceptLicense, frames, rounds }: ComparisonOptions,
  tell: (sentence: string) => void,
  openTab: typeof openHeadlessTab = openHeadlessTab,
): Promise<Comparison> {
  const { admitted, refusals, notices } = passLicenseGate(targets, acceptLicense);
  [...refusals, ...notices].forEach(tell);
  let records = admitted.map((target): EngineRecord => ({
    target,
    fps: [],
    ratios: [],
    poses: [],
  }));
  if (records.length === 0) return { records, bareFps: [], failures: targets.length };
  const bareFps: number[] = [];
  const deviceId = randomUUID();
  const tab = await openTab(null);
  try {
    await tab.openSource(ACTOR, frames);
    for (let round = 0; round < rounds && records.length > 0; round += 1) {
      const bare = await tab.bareLoop(BARE_TARGET_ID);
      bareFps.push(bare);
      const failed = new Set<EngineRecord>();
      // Each round begins elsewhere, so that nobody always follows the same one.
      for (const record of rotated(records, round)) {
        const problem = await orSentence(measure(tab, record, { frames, deviceId, bare }));
        if (typeof problem !== 'string') continue;
        failed.add(record);
        tell(`${record.target.id} is left out because it did not run: ${problem}`);
      }
      records = records.filter((record) => !failed.has(record));
      tell(`round ${round + 1} of ${rounds} done`);
    }
  } finally {
    await tab.close();
  }
  return { records, bareFps, failures: targets.length - records.length };
}

type Round = { readonly frames: number; readonly deviceId: string; readonly bare: number };

async function measure(
  tab: HeadlessTab,
  record: EngineRecord,
  { frames, deviceId, bare }: Round,
): Promise<void> {
  const { summary, keypoints } = await tab.run({
    targetId: record.target.id,
    maxFrames: frames,
    deviceId,
    keypoints: true,
    options: defaultEngineOptions,
    scenario: 'single-stream',
    settings: defaultSettings,
    seed: SEED,
    minDurationMs: MIN_DURATION_MS,
    expectedDigest: null,
  });
  const { effectiveFps, failure, frames: counts } = summary;
  if (failure !== null) throw new BenchError(failure);
  if (effectiveFps === null || counts.processed !== frames) {
    throw new BenchError(`It processed ${counts.processed} of ${frames} frames.`);
  }
  record.fps.push(effectiveFps);
  record.ratios.push(effectiveFps / bare);
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
