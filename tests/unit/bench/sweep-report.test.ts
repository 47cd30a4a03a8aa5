// What is said of runs that can be compared: once each, and repeated.
import { describe, expect, it } from 'vitest';
import { measuredRunOf } from '../../../bench/measured-run.ts';
import type { MeasuredRun } from '../../../bench/measured-run.ts';
import { groupRuns } from '../../../bench/run-groups.ts';
import { reportOf } from '../../../bench/sweep-report.ts';
import type { RunSummary } from '../../../src/lib/benchmark/run-result.ts';
import { createSeededRandom } from '../../../src/lib/metrics/seeded-random.ts';
import { finishedEvent, steadyState, windowEvent } from '../../fixtures/events.ts';

const LITE = 'mediapipe/blazepose-lite@wasm';
const FULL = 'mediapipe/blazepose-full@wasm';
const HEAVY = 'mediapipe/blazepose-heavy@wasm';
const FRAMES = 300;
const SEED = 1;

type Place = { readonly stage?: number; readonly round?: number; readonly order?: number };

function measured(
  change: Partial<RunSummary>,
  { stage = 0, round = 0, order = 0 }: Place = {},
  latenciesMs: readonly number[] = [],
): MeasuredRun {
  return { stage, round, order, latenciesMs, summary: { ...finishedEvent().data, ...change } };
}

/** Latencies around `medianMs` that do not depend on each other, within 10 %. */
function latencies(medianMs: number, seed: number): number[] {
  const random = createSeededRandom(seed);
  return Array.from({ length: FRAMES }, () => medianMs * (0.9 + 0.2 * random()));
}

/** The cells of the last table's lines, below its title. */
function lastTable(report: string): string[][] {
  const lines = report.split('\n\n').at(-1)?.split('\n') ?? [];
  return lines.slice(1).map((line) => line.split(/ {2,}/));
}

describe('measuredRunOf', () => {
  it('has the latencies of all windows', () => {
    const summary = finishedEvent().data;
    const events = [windowEvent(0), windowEvent(1), finishedEvent()];
    const run = measuredRunOf({ summary, events, keypoints: [] }, { stage: 0, round: 0, order: 0 });
    const perWindow = windowEvent(0).data.latencyMs.endToEnd;
    expect(run.latenciesMs).toEqual([...perWindow, ...perWindow]);
  });
});

describe('groupRuns', () => {
  it('compares only what ran on the same source in the same scenario to its end', () => {
    const groups = groupRuns([
      measured({ target: FULL }, { order: 1 }),
      measured({ target: LITE }, { order: 0 }),
      measured({ target: FULL }, { stage: 1, order: 1 }),
      measured({ target: LITE, scenario: 'live' }, { order: 2 }),
      measured({ target: HEAVY, outcome: 'failed', failure: 'It broke.' }, { order: 3 }),
    ]);
    const shapes = groups.map(({ title, targets }) => [
      title,
      ...targets.map(({ label }) => label),
    ]);
    expect(shapes).toEqual([
      ['actor.mp4', LITE, FULL],
      ['actor.mp4', FULL],
      ['actor.mp4, live', LITE],
    ]);
  });

  it('tells a target with other options apart', () => {
    const { options } = finishedEvent().data;
    const [group] = groupRuns([
      measured({ options: { ...options, threads: 1 } }, { order: 0 }),
      measured({ options: { ...options, threads: 4 } }, { order: 1 }),
    ]);
    expect(group?.targets.map(({ label }) => label)).toEqual([
      `${LITE}, threads 1`,
      `${LITE}, threads 4`,
    ]);
  });
});

describe('reportOf', () => {
  it('says of targets that ran once whether they differ from the first', () => {
    const runs = [
      measured({ target: LITE }, { order: 0 }, latencies(20, 1)),
      measured({ target: FULL }, { order: 1 }, latencies(30, 2)),
      measured({ target: HEAVY }, { order: 2 }, latencies(20, 3)),
      measured({ target: 'ort/x@wasm' }, { order: 3 }, latencies(10, 4)),
      measured({ target: 'ort/y@wasm' }, { order: 4 }, latencies(10, 4).slice(0, 20)),
    ];
    const report = reportOf(runs, SEED);
    expect(report).toContain(`End-to-end latency on actor.mp4 over that of ${LITE}:`);
    const [header, ...rows] = lastTable(report);
    expect(header).toEqual(['target', '× latency', '99.9 % interval', 'conclusion']);
    expect(rows.map(([target, , , conclusion]) => [target, conclusion])).toEqual([
      [FULL, 'slower'],
      [HEAVY, 'no difference'],
      ['ort/x@wasm', 'faster'],
      ['ort/y@wasm', 'inconclusive'],
    ]);
    expect(rows[3]?.slice(1, 3)).toEqual(['–', '–']);
    const [low = 0, high = 0] = rows[0]?.[2]?.split('–').map(Number) ?? [];
    expect(low).toBeLessThan(1.5);
    expect(high).toBeGreaterThan(1.5);
    expect(reportOf(runs, SEED)).toBe(report);
  });

  it('compares frame by frame what ran on the same frames, and from where both were steady', () => {
    const costs = Array.from({ length: FRAMES }, (_, i) =>
      Math.floor(i / 50) % 2 === 0 ? 20 : 60,
    );
    const [first, second] = [latencies(1, 1), latencies(1.2, 2)].map((run) =>
      run.map((value, i) => value * (costs[i] ?? 0)),
    );
    const warmFrom = (warmupFrames: number) => ({ steadyState: { ...steadyState, warmupFrames } });
    const cold = (second ?? []).map((value, i) => (i < 40 ? 1000 : value));
    const rowOf = (change: Partial<RunSummary>) =>
      lastTable(
        reportOf(
          [
            measured({ target: LITE, ...warmFrom(0) }, { order: 0 }, first),
            measured({ target: FULL, ...warmFrom(40), ...change }, { order: 1 }, cold),
          ],
          SEED,
        ),
      )[1];
    expect(Number(rowOf({})?.[1])).toBeCloseTo(1.2, 1);
    expect(rowOf({})?.at(-1)).toBe('slower');
    const { source } = finishedEvent().data;
    const others = { source: { ...source, framesDigest: 'f'.repeat(64) } };
    expect(rowOf(others)?.at(-1)).toBe('inconclusive');
  });

  it('concludes nothing from a run that is invalid', () => {
    const verdict = { valid: false, reasons: ['tab-hidden'] } as const;
    const runs = [
      measured({ target: LITE }, { order: 0 }, latencies(20, 1)),
      measured({ target: FULL, verdict }, { order: 1 }, latencies(30, 2)),
    ];
    const [, row] = lastTable(reportOf(runs, SEED));
    expect(row?.at(-1)).toBe('none, as a run is invalid');
  });

  it('compares nothing where there is one target', () => {
    expect(reportOf([measured({})], SEED)).not.toContain('\n\n');
  });

  function repeated(rounds: number): MeasuredRun[] {
    return Array.from({ length: rounds }, (_, round) => [
      // In turn, as a sweep shuffles them; the machine slows down from round to round.
      measured({ target: FULL, effectiveFps: 20 / (1 + round) }, { round, order: 1 }),
      measured({ target: LITE, effectiveFps: 40 / (1 + round) }, { round, order: 0 }),
    ]).flat();
  }

  it('compares repeated targets round by round, with an interval from six rounds on', () => {
    const verdict = { valid: false, reasons: ['device-busy'] } as const;
    const [first, ...others] = repeated(6);
    const busy = first && { ...first, summary: { ...first.summary, verdict } };
    expect(lastTable(reportOf(busy ? [busy, ...others] : [], SEED))).toEqual([
      ['target', 'runs', 'valid', 'median FPS', '× first target'],
      [LITE, '6', '6', '11.7, 96.9 % interval 6.7–40.0', '–'],
      [FULL, '6', '5', '5.8, 96.9 % interval 3.3–20.0', '0.500, 96.9 % interval 0.500–0.500'],
    ]);
  });

  it('names a range where rounds are too few for an interval', () => {
    const [, ...rows] = lastTable(reportOf(repeated(5), SEED));
    expect(rows.map((row) => row.slice(3))).toEqual([
      ['13.3, range 8.0–40.0', '–'],
      ['6.7, range 4.0–20.0', '0.500, range 0.500–0.500'],
    ]);
  });

  it('takes the ratio only of rounds that both came through', () => {
    const runs = repeated(3).filter(
      ({ round, summary }) => !(round === 0 && summary.target === LITE),
    );
    const [, , full] = lastTable(reportOf(runs, SEED));
    expect(full).toEqual([FULL, '3', '3', '10.0, range 6.7–20.0', '0.500, range 0.500–0.500']);
  });
});
