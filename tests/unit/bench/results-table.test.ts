import { expect, it } from 'vitest';
import { accuracyTable } from '../../../bench/accuracy-table.ts';
import { resultsTable } from '../../../bench/results-table.ts';
import type { RunAccuracy } from '../../../src/lib/benchmark/accuracy.ts';
import type { RunSummary } from '../../../src/lib/benchmark/run-result.ts';
import { finishedEvent } from '../../fixtures/events.ts';

/** A terminal of a developer is that wide. */
const MAX_COLUMNS = 160;

const accuracy: RunAccuracy = {
  images: 27,
  people: 70,
  ap: 0.5597,
  ap50: 0.7058,
  ap75: 0.6446,
  apMedium: null,
  apLarge: 0.6121,
  ar: 1,
  ar50: 0.7857,
  ar75: 0.7428,
  arMedium: null,
  arLarge: 0.7566,
  meanOks: 0.8634,
  pck: 0.9715,
  pckh: null,
  meanOksOfFound: 0.4,
  joints: [],
};

function summary(change: Partial<RunSummary> = {}): RunSummary {
  const resources = { ...finishedEvent().data.resources, cpuMethod: null, memoryMethod: null };
  return { ...finishedEvent().data, resources, ...change };
}

/** Measured from outside, as the bench does. */
function measured(change: Partial<RunSummary> = {}): RunSummary {
  const { resources } = summary();
  return summary({
    cpuUtilization: 1.4235,
    peakMemoryBytes: 812_345_678,
    resources: {
      ...resources,
      cpuMethod: 'browser-process-cpu-time',
      memoryMethod: 'browser-process-rss',
    },
    ...change,
  });
}

it('shows a line per run, aligned', () => {
  expect(resultsTable([summary(), summary({ target: 'ort/x@wasm' })])).toBe(
    [
      'target                         source     frames  FPS   p50 ms  p90 ms  p95 ms  p99 ms  load ms  detected  verdict',
      'mediapipe/blazepose-lite@wasm  actor.mp4  300     33.3  28.5    41      44      –       800      99.0 %    valid',
      'ort/x@wasm                     actor.mp4  300     33.3  28.5    41      44      –       800      99.0 %    valid',
    ].join('\n'),
  );
});

it('shows what was used of the machine, by the name of how it was measured', () => {
  const { resources } = summary();
  const inPage = summary({
    resources: { ...resources, memoryMethod: 'user-agent-specific-memory' },
    peakMemoryBytes: 150_000_000,
  });
  const rows = resultsTable([measured(), inPage])
    .split('\n')
    .map((line) => line.split(/ {2,}/).slice(8, -2));
  expect(rows).toEqual([
    ['load ms', 'CPU cores', 'peak RSS MB', 'page MB'],
    ['800', '1.42', '812', '–'],
    ['800', '–', '–', '150'],
  ]);
});

it('shows missed deadlines, rates and streams where there are some, within a terminal', () => {
  const settings = { durationMs: null, findMaxFps: true, streams: null };
  const { recipe } = finishedEvent().data;
  const live = {
    sourceFps: 30,
    deadlineMs: 33.3,
    lateFrames: 2,
    missedDeadlines: 0.0123,
    resultAgeMs: null,
    maxFps: 41.27,
    probes: [],
  };
  const searched = measured({ scenario: 'live', recipe: recipe && { ...recipe, settings }, live });
  const multi = measured({
    scenario: 'multi-stream',
    live: { ...live, maxFps: null },
    streams: { streams: 3, held: 2, probes: [] },
  });
  for (const run of [searched, multi]) {
    const [header = ''] = resultsTable([run]).split('\n');
    expect(header.length).toBeLessThanOrEqual(MAX_COLUMNS);
  }
  const lines = resultsTable([searched, multi]).split('\n');
  const rows = lines.map((line) => line.split(/ {2,}/).slice(8, 11));
  expect(rows).toEqual([
    ['missed', 'max FPS', 'streams held'],
    ['1.2 %', '41.3', '–'],
    ['1.2 %', '–', '2'],
  ]);
});

it('says why a run is invalid', () => {
  const verdict = { valid: false, reasons: ['too-short', 'unsteady'] } as const;
  expect(resultsTable([summary({ verdict })])).toMatch(/invalid: too-short, unsteady$/);
});

it('shows the accuracy of the runs that have one', () => {
  const scored = summary({ accuracy, target: 'ort/x@wasm' });
  expect(accuracyTable([summary(), scored])).toBe(
    [
      'target      AP     AP50   AP75   APm  APl    AR     mean OKS  PCK@0.2  PCKh@0.5  people  images',
      'ort/x@wasm  0.560  0.706  0.645  –    0.612  1.000  0.863     0.972    –         70      27',
    ].join('\n'),
  );
  expect(accuracyTable([summary()])).toBeNull();
});

it('says what the accuracy is of where there are several sources', () => {
  const { source } = summary();
  const runs = ['a.mp4', 'b.mp4'].map((name) => summary({ accuracy, source: { ...source, name } }));
  const rows = accuracyTable(runs)?.split('\n') ?? [];
  expect(rows.map((row) => row.split(/ {2,}/)[1])).toEqual(['source', 'a.mp4', 'b.mp4']);
});
