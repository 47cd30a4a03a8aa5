// What a run's poses are like by themselves and beside wasm's, as facts. Against ground truth: AccuracySection.
import { formatCount, formatPercent } from '../format.ts';
import type { Fact } from './facts.ts';
import { formatScore } from './format-score.ts';
import type { RunFindings } from './run-findings.ts';
import { reasonFor } from './run-view.ts';
import type { RunView } from './run-view.ts';

const OPINION = 'The model’s own opinion of its poses, not how right they are.';
const TOLD_WITH_THE_END = { p10: null, p50: null, p90: null };

/** Detection, confidence, steadiness and parity. */
export function qualityFacts(run: RunView): readonly Fact[] {
  const { detectionRate, meanVisibility, jitter } = run.figures;
  const { p10, p50, p90 } = run.findings?.confidence ?? TOLD_WITH_THE_END;
  return [
    share(run, 'Person found in', 'quality.detectionRate', detectionRate, '% of frames'),
    share(run, 'Jitter', 'quality.jitter', jitter, '% of torso', {
      note: 'How far keypoints stray from steady movement from frame to frame: the median second difference.',
    }),
    share(
      run,
      'Same person kept',
      'quality.identityKept',
      run.findings?.identityKept ?? null,
      '% of frames',
    ),
    share(run, 'Confidence p50', 'quality.confidence', p50, '%', {
      detail: p10 === null || p90 === null ? undefined : confidenceEnds(p10, p90),
      note: OPINION,
    }),
    share(run, 'Mean visibility', 'quality.meanVisibility', meanVisibility, '%', {
      note: 'How sure the model is of its joints: its own opinion as well.',
    }),
    ...(run.findings ? parityFacts(run, run.findings) : []),
  ];
}

function confidenceEnds(p10: number, p90: number): string {
  return `p10 ${formatPercent(p10)} %, p90 ${formatPercent(p90)} %`;
}

function parityFacts(run: RunView, { parity }: RunFindings): readonly Fact[] {
  if (!parity) return [{ label: 'Parity with wasm', value: null, note: reasonFor(run, 'parity') }];
  const { frames, meanOks, maxDistance } = parity;
  const farthest =
    maxDistance === null ? [] : [`Largest distance: ${formatPercent(maxDistance)} % of torso.`];
  return [
    {
      label: 'Parity with wasm',
      value: formatScore(meanOks),
      unit: 'OKS',
      note: [
        `Agreement with the same model on WebAssembly over ${formatCount(frames)} frames, 1 being the same.`,
        ...farthest,
      ].join(' '),
    },
  ];
}

function share(
  run: RunView,
  label: string,
  path: string,
  value: number | null,
  unit: string,
  remarks: Pick<Fact, 'detail' | 'note'> = {},
): Fact {
  return value === null
    ? { label, value: null, note: reasonFor(run, path) }
    : { label, value: formatPercent(value), unit, ...remarks };
}
