import { describe, expect, it } from 'vitest';
import { sketchOf } from '../../../src/lib/metrics/latency-sketch.ts';
import { reasonFor, viewRun } from '../../../src/lib/ui/runs/run-view.ts';
import type { RunSummaryData } from '../../../src/lib/events/metric-event.ts';
import type { RunRecord } from '../../../src/lib/ui/runs/run-record.ts';
import {
  DEVICE_ID,
  RUN_ID,
  STARTED_AT,
  finishedEvent,
  interruptedEvent,
  recipe,
  startedEvent,
  steadyState,
  windowEvent,
} from '../../fixtures/events.ts';

const empty: RunRecord = {
  runId: RUN_ID,
  deviceId: DEVICE_ID,
  status: 'running',
  started: null,
  windows: [],
  finished: null,
  interrupted: null,
};
const started = startedEvent().data;
const scored = {
  ...{ ap: 0.5, ap50: 0.8, ap75: 0.4, apMedium: null, apLarge: 0.5 },
  ...{ ar: 0.6, ar50: 0.9, ar75: 0.5, arMedium: null, arLarge: 0.6 },
};

describe('viewRun', () => {
  it('knows nothing of a run of which nothing but its id has arrived', () => {
    const view = viewRun(empty);
    expect(view).toMatchObject({ startedAt: null, target: null, source: null, environment: null });
    expect(view.figures).toMatchObject({
      frames: { decoded: 0, processed: 0, dropped: 0, detected: 0 },
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
    expect(figures.frames).toEqual({ decoded: 8, processed: 8, dropped: 0, detected: 6 });
    expect(figures.effectiveFps).toBeCloseTo(8 / 6);
    expect(figures.detectionRate).toBe(0.75);
    expect(stages.endToEnd).toMatchObject({ count: 8, max: 30.4, p90: null });
  });

  it('shows of an interrupted run what its windows tell, as of a running one', () => {
    const windows = [windowEvent(0).data, windowEvent(1).data];
    const interrupted = interruptedEvent().data;
    const running = viewRun({ ...empty, started, windows });
    const view = viewRun({ ...empty, status: 'interrupted', started, windows, interrupted });
    expect(view).toEqual({
      ...running,
      status: 'interrupted',
      interruptedAt: interrupted.noticedAt,
    });
    expect(view.figures.frames.processed).toBe(8);
    expect(reasonFor(view, 'loadMs')).toBe('Only the end of the run would have told it.');
  });

  it('says nothing of an interruption once the end has come', () => {
    const finished = finishedEvent().data;
    const interrupted = interruptedEvent().data;
    const view = viewRun({ ...empty, status: 'finished', finished, interrupted });
    expect(view).toMatchObject({ interruptedAt: null, figures: { effectiveFps: 33.3 } });
  });

  it('tells the scenario and the plan from the first event on', () => {
    expect(viewRun({ ...empty, started })).toMatchObject({ scenario: 'single-stream', recipe });
    const finished = finishedEvent().data;
    expect(viewRun({ ...empty, finished })).toMatchObject({ scenario: 'single-stream', recipe });
    expect(viewRun(empty)).toMatchObject({ scenario: null, recipe: null, findings: null });
  });

  it('knows what a run came to once it has ended', () => {
    const finished = finishedEvent({ data: { cpuUtilization: 1.4 } }).data;
    const { findings } = viewRun({ ...empty, finished });
    expect(findings?.steadyState).toEqual(steadyState);
    expect(findings?.resources).toMatchObject({
      cpuUtilization: 1.4,
      peakMemoryBytes: 150_000_000,
      memoryMethod: 'user-agent-specific-memory',
    });
    expect(viewRun({ ...empty, started }).findings).toBeNull();
  });

  it('takes what an earlier version did not store for not known', () => {
    const { jitter, detectionRate, meanVisibility, confidence } = finishedEvent().data.quality;
    const { queue, ...latencyMs } = finishedEvent().data.latencyMs;
    const { steadyState, live, streams, sustained, resources, parity, recipe, ...rest } =
      finishedEvent().data;
    expect([queue, live, streams, sustained, parity]).not.toContain(undefined);
    expect([steadyState, resources, recipe]).not.toContain(null);
    const earlier = {
      ...rest,
      latencyMs,
      quality: { jitter, detectionRate, meanVisibility, confidence },
      accuracy: { ...scored, images: 27, people: 70 },
    } as unknown as RunSummaryData;
    const view = viewRun({ ...empty, finished: earlier });
    expect(view).toMatchObject({ recipe: null, stages: { queue: null } });
    expect(view.findings).toMatchObject({
      steadyState: null,
      live: null,
      identityKept: null,
      resources: { cpuMethod: null, wasmHeapBytes: null, peakMemoryBytes: 150_000_000 },
      accuracy: { ap: 0.5, meanOks: null, joints: [] },
    });
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
    expect(view.figures).toMatchObject({ effectiveFps: 33.3, loadMs: 800 });
    expect(view.figures.frames.processed).toBe(300);
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
        steadyState: 'Never settled.',
      },
    },
  }).data;
  const view = viewRun({ ...empty, status: 'finished', finished });

  it.each([
    ['loadMs', 'Cached.'],
    ['latencyMs.endToEnd.p99', 'Too few.'],
    ['latencyMs.inference', 'Closed.'],
    ['latencyMs.inference.p50', 'Closed.'],
    ['steadyState.drift', 'Never settled.'],
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
