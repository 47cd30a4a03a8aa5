// What `npm run bench:engines` prints: one line per target.
import { agreementOf } from '../src/lib/metrics/agreement.ts';
import type { Agreement } from '../src/lib/metrics/agreement.ts';
import { medianInterval } from '../src/lib/metrics/median-interval.ts';
import { toCoco17 } from '../src/lib/pose/coco-mapping.ts';
import { meanOks } from './actor-truth.ts';
import type { ActorTruth } from './actor-truth.ts';
import { alignedTable } from './aligned-table.ts';
import type { EngineRecord } from './compare-engines.ts';

/** Whose keypoints the other engines' are compared with: the networks as they came, smoothed by nobody. */
const REFERENCE_ENGINE = 'litert';
const MIN_CONFIDENCE = 0.95;
const UNKNOWN = '–';

/**
 * Speed, agreement with the truth, and agreement with the reference engine on the same model, as an aligned
 * text table with a header.
 */
export function comparisonTable(records: readonly EngineRecord[], truth: ActorTruth): string {
  const rows = records.map((record) => ({ ...record, agreement: agreementIn(records, record) }));
  type Row = (typeof rows)[number];
  return alignedTable<Row>(
    [
      { title: 'target', cell: ({ target }) => target.id },
      { title: 'FPS (interval of the median)', cell: ({ fps }) => formatInterval(fps, 1) },
      { title: '× bare loop', cell: ({ ratios }) => formatInterval(ratios, 2) },
      { title: 'mean OKS', cell: ({ poses }) => formatOks(poses, truth) },
      {
        title: `median from ${REFERENCE_ENGINE}`,
        cell: ({ agreement }) => formatDistance(agreement?.medianDistance),
      },
      { title: '95th percentile', cell: ({ agreement }) => formatDistance(agreement?.p95Distance) },
      { title: 'frames apart', cell: ({ agreement }) => formatDisagreements(agreement) },
    ],
    rows,
  );
}

/** The median with its interval, both with as many decimals. */
export function formatInterval(values: readonly number[], digits: number): string {
  const { middle, low, high } = medianInterval(values, MIN_CONFIDENCE);
  return `${middle.toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`;
}

/** Null for the reference itself, and where it was not measured. */
function agreementIn(records: readonly EngineRecord[], record: EngineRecord): Agreement | null {
  const reference = records.find(
    ({ target }) => target.engine === REFERENCE_ENGINE && target.model === record.target.model,
  );
  if (!reference || reference === record) return null;
  return agreementOf(reference.poses, record.poses);
}

function formatOks(poses: EngineRecord['poses'], truth: ActorTruth): string {
  const mean = meanOks(
    truth,
    poses.map((pose) => pose && toCoco17(pose)),
  );
  return mean?.toFixed(3) ?? UNKNOWN;
}

/** A share of the torso's length. */
function formatDistance(share: number | null | undefined): string {
  return share === null || share === undefined ? UNKNOWN : `${(100 * share).toFixed(2)} % of torso`;
}

/** Frames in which only one engine found somebody, of those in which any did: no distance counts them. */
function formatDisagreements(agreement: Agreement | null): string {
  if (!agreement) return UNKNOWN;
  const { frames, disagreements } = agreement;
  return `${disagreements} / ${frames + disagreements}`;
}
