// Which two joints are connected: the part affinity fields along the line between them.
// Source: Cao et al., "Realtime Multi-Person 2D Pose Estimation using Part Affinity Fields" (CVPR 2017),
// section 2.3, and OpenPose, src/openpose/net/bodyPartConnectorBase.cpp (getScoreAB).
import type { LimbKind } from './body-layouts.ts';
import type { FieldMaps } from './field-maps.ts';
import type { Peak } from './heat-map-peaks.ts';

/** A limb of somebody: the indices of its two peaks and how well the field agrees, in [0, 1]. */
export type Limb = {
  readonly from: number;
  readonly to: number;
  readonly score: number;
};

/**
 * Samples along a limb, how many of them must agree, and the least agreement of one. Source:
 * tf-pose-estimation, tf_pose/pafprocess/pafprocess.h (STEP_PAF, THRESH_VECTOR_CNT1, which is 8 and to be
 * exceeded, THRESH_VECTOR_SCORE).
 */
const SAMPLES = 10;
const MIN_AGREEING_SAMPLES = 9;
const MIN_SAMPLE_AGREEMENT = 0.05;
/** Peaks closer than this, in cells, have no direction. */
const MIN_LENGTH_CELLS = 1e-3;

/**
 * The limbs of all kinds: for each kind its best pairs of joints first, every joint in one pair at most.
 * `peaks` are ordered by joint.
 */
export function scoreLimbs(
  peaks: readonly Peak[],
  kinds: readonly LimbKind[],
  affinity: FieldMaps,
): Limb[] {
  const ranges = rangesByJoint(peaks);
  const limbs: Limb[] = [];
  for (const kind of kinds) {
    const candidates: Limb[] = [];
    const [fromStart, fromEnd] = ranges.get(kind.from) ?? NOWHERE;
    const [toStart, toEnd] = ranges.get(kind.to) ?? NOWHERE;
    for (let from = fromStart; from < fromEnd; from += 1) {
      for (let to = toStart; to < toEnd; to += 1) {
        const score = agreement(peaks[from], peaks[to], affinity, kind.channel);
        if (score > 0) candidates.push({ from, to, score });
      }
    }
    candidates.sort((a, b) => b.score - a.score);
    const taken = new Set<number>();
    for (const limb of candidates) {
      if (taken.has(limb.from) || taken.has(limb.to)) continue;
      taken.add(limb.from).add(limb.to);
      limbs.push(limb);
    }
  }
  return limbs;
}

/** Where the peaks of a joint are: first index, and one past the last. */
type Range = readonly [start: number, end: number];
const NOWHERE: Range = [0, 0];

function rangesByJoint(peaks: readonly Peak[]): Map<number, Range> {
  const ranges = new Map<number, Range>();
  peaks.forEach(({ joint }, index) => {
    ranges.set(joint, [ranges.get(joint)?.[0] ?? index, index + 1]);
  });
  return ranges;
}

/** The mean agreement over the samples that agree; 0 when too few do. */
function agreement(
  a: Peak | undefined,
  b: Peak | undefined,
  affinity: FieldMaps,
  channel: number,
): number {
  if (!a || !b) return 0;
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length = Math.hypot(dx, dy);
  if (length < MIN_LENGTH_CELLS) return 0;
  let sum = 0;
  let agreeing = 0;
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const t = sample / (SAMPLES - 1);
    const x = a.x + t * dx;
    const y = a.y + t * dy;
    const along =
      (fieldAt(affinity, channel, x, y) * dx + fieldAt(affinity, channel + 1, x, y) * dy) / length;
    if (along <= MIN_SAMPLE_AGREEMENT) continue;
    sum += along;
    agreeing += 1;
  }
  return agreeing >= MIN_AGREEING_SAMPLES ? sum / agreeing : 0;
}

/** A map between its cells, bilinear; (x, y) lies within the outermost cells' centres or is moved there. */
function fieldAt(maps: FieldMaps, channel: number, x: number, y: number): number {
  const { data, width, height, row, column } = maps;
  const left = Math.max(0, Math.min(width - 2, Math.floor(x)));
  const top = Math.max(0, Math.min(height - 2, Math.floor(y)));
  const fx = Math.max(0, Math.min(1, x - left));
  const fy = Math.max(0, Math.min(1, y - top));
  const at = maps.origin + channel * maps.channel + top * row + left * column;
  const upper = (data[at] ?? 0) * (1 - fx) + (data[at + column] ?? 0) * fx;
  const lower = (data[at + row] ?? 0) * (1 - fx) + (data[at + row + column] ?? 0) * fx;
  return upper * (1 - fy) + lower * fy;
}
