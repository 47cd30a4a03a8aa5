import { describe, expect, it } from 'vitest';
import { sketchOf } from '../../../src/lib/metrics/latency-sketch.ts';
import { reasonFor, viewRun } from '../../../src/lib/ui/runs/run-view.ts';
import type { RunRecord } from '../../../src/lib/ui/runs/run-record.ts';
import {
  DEVICE_ID,
  RUN_ID,
  STARTED_AT,
  finishedEvent,
  startedEvent,
  windowEvent,
} from '../../fixtures/events.ts';

const empty: RunRecord = {
  runId: RUN_ID,
  deviceId: DEVICE_ID,
  status: 'running',
  started: null,
  windows: [],
  finished: null,
};
const started = startedEvent().data;

describe('viewRun', () => {
  it('knows nothing of a run of which nothing but its id has arrived', () => {
    const view = viewRun(empty);
    expect(view).toMatchObject({ startedAt: null, target: null, source: null, environment: null });
    expect(view.figures).toMatchObject({
      processedFrames: 0,
      wallTimeMs: null,
      effectiveFps: null,
    });
    expect(view.stages.endToEnd).toBeNull();
  });

  it('takes what was announced while there is no end', () => {
    const view = viewRun({ ...empty, started });
    expect(view).toMatchObject({ startedAt: STARTED_AT, plannedFrames: 300, verdict: null });
    expect(view.source?.name).toBe('actor.mp4');
  });

  it('adds up the windows of a run that goes on', () => {
    const windows = [windowEvent(0).data, windowEvent(1).data];
    const { figures, stages } = viewRun({ ...empty, started, windows });
    expect(figures.processedFrames).toBe(8);
    expect(figures.effectiveFps).toBeCloseTo(8 / 6);
    expect(figures.detectionRate).toBe(0.75);
    expect(stages.endToEnd).toMatchObject({ count: 8, max: 30.4, p90: null });
  });

  it('has the accuracy of a run against ground truth', () => {
    const half = { ap: 0.5, ap50: 0.8, ap75: 0.4, apMedium: null, apLarge: 0.5 };
    const recall = { ar: 0.6, ar50: 0.9, ar75: 0.5, arMedium: null, arLarge: 0.6 };
    const accuracy = { images: 27, people: 70, ...half, ...recall };
    const { data } = finishedEvent({ data: { accuracy } });
    expect(viewRun({ ...empty, finished: data }).accuracy).toEqual(accuracy);
    expect(viewRun({ ...empty, finished: finishedEvent().data }).accuracy).toBeNull();
  });

  it('merges the sketches of a stage within their error', () => {
    const inference = sketchOf(Array.from({ length: 100 }, (_, index) => 10 + index / 10));
    const { sketches } = windowEvent(0).data;
    const data = { sketches: { ...sketches, inference: inference && mutable(inference) } };
    const windows = [windowEvent(0, { data }).data, windowEvent(1, { data }).data];
    const summary = viewRun({ ...empty, windows }).stages.inference;
    expect(summary).toMatchObject({ count: 200, min: 10, p99: null });
    expect(summary?.mean).toBeCloseTo(14.95);
    expect(Math.abs((summary?.p90 ?? 0) - 18.9)).toBeLessThan(0.19);
  });

  it('takes the final figures once they are there', () => {
    const finished = finishedEvent().data;
    const view = viewRun({
      ...empty,
      status: 'finished',
      finished,
      windows: [windowEvent(0).data],
    });
    expect(view.figures).toMatchObject({ processedFrames: 300, effectiveFps: 33.3, loadMs: 800 });
    expect(view.stages.endToEnd?.p50).toBe(28.5);
    expect(view.windows[0]?.latenciesMs).toEqual([20.1, 21.2, 19.9, 30.4]);
  });
});

describe('reasonFor', () => {
  const finished = finishedEvent({
    data: {
      nullReasons: {
        'latencyMs.*.p99': 'Too few.',
        'latencyMs.inference': 'Closed.',
        loadMs: 'Cached.',
      },
    },
  }).data;
  const view = viewRun({ ...empty, status: 'finished', finished });

  it.each([
    ['loadMs', 'Cached.'],
    ['latencyMs.endToEnd.p99', 'Too few.'],
    ['latencyMs.inference', 'Closed.'],
    ['latencyMs.inference.p50', 'Closed.'],
    ['quality.meanVisibility', 'The run did not report it.'],
  ])('finds why %s is not known', (path, reason) => {
    expect(reasonFor(view, path)).toBe(reason);
  });

  it('says what a running run still lacks', () => {
    const running = viewRun({ ...empty, windows: [windowEvent(0).data] });
    expect(reasonFor(running, 'loadMs')).toBe('Known when the run has finished.');
    expect(reasonFor(running, 'latencyMs.endToEnd.p90')).toContain('needs 64 samples');
    expect(reasonFor(running, 'latencyMs.inference')).toContain('closed pipeline');
    expect(reasonFor(viewRun(empty), 'latencyMs.inference')).toBe(
      'Known when the run has finished.',
    );
  });

  it('says of a run without frames that it had none', () => {
    const frames = { decoded: 0, processed: 0, dropped: 0, detected: 0 };
    const nullReasons = { 'latencyMs.decode': 'No frame was processed.' };
    const failed = finishedEvent({ data: { outcome: 'failed', frames, nullReasons } }).data;
    const none = viewRun({ ...empty, status: 'failed', finished: failed });
    expect(reasonFor(none, 'latencyMs.decode.p50')).toBe('No frame was processed.');
    expect(reasonFor(none, 'loadMs')).toBe('The run did not report it.');
  });
});

/** The schema's types are not readonly. */
function mutable<T>(value: T) {
  return value as { -readonly [K in keyof T]: T[K] } & { buckets: [number, number][] };
}
