import { describe, expect, it } from 'vitest';
import type { RunSummaryData } from '../../../src/lib/events/metric-event.ts';
import { headlineOf } from '../../../src/lib/ui/runs/headline.ts';
import { viewRun } from '../../../src/lib/ui/runs/run-view.ts';
import {
  DEVICE_ID,
  RUN_ID,
  finishedEvent,
  startedEvent,
  steadyState,
  windowEvent,
} from '../../fixtures/events.ts';

const record = { runId: RUN_ID, deviceId: DEVICE_ID, windows: [], interrupted: null };

function headlineWith(data: Partial<RunSummaryData>) {
  const finished = finishedEvent({ data }).data;
  return headlineOf(viewRun({ ...record, status: 'finished', started: null, finished }));
}

function figureOf(headline: ReturnType<typeof headlineOf>, label: string) {
  return headline.figures.find((figure) => figure.label === label);
}

describe('headlineOf', () => {
  it('is of the steady state, with its intervals', () => {
    const headline = headlineWith({});
    expect(figureOf(headline, 'Throughput')).toMatchObject({
      value: 34.1,
      range: { low: 33.5, high: 34.7 },
    });
    expect(figureOf(headline, 'Latency p50')).toMatchObject({
      value: 28.2,
      range: { low: 27.8, high: 28.9 },
    });
    expect(figureOf(headline, 'Latency p95')).toMatchObject({ value: 43, range: null });
    expect(headline.remarks).toEqual([
      'Steady state: 280 of 300 frames, after a warm-up of 20 in 0.9 s. Ranges are 95 % confidence intervals.',
      'Too few samples for some percentiles (MLPerf early stopping): p99 needs 662; there are 280.',
    ]);
  });

  it('says why a percentile is withheld by the frames of the steady state, not by all', () => {
    const frames = { decoded: 700, processed: 700, dropped: 0, detected: 700 };
    const p99 = figureOf(headlineWith({ frames, nullReasons: {} }), 'Latency p99');
    expect(p99?.value).toBeNull();
    expect(p99?.reason).toBe(
      'A p99 needs 662 samples (MLPerf early stopping); the steady state has 280.',
    );
  });

  it('is of all frames when latency never settled, and says so', () => {
    const nullReasons = { steadyState: 'Latency never settled.' };
    const headline = headlineWith({ steadyState: null, nullReasons });
    expect(figureOf(headline, 'Throughput')).toMatchObject({ value: 33.3, range: null });
    expect(figureOf(headline, 'Latency p50')).toMatchObject({ value: 28.5, range: null });
    expect(headline.remarks[0]).toBe('Of all 300 frames. Latency never settled.');
  });

  it('does without intervals where the steady frames are too few', () => {
    const none = { effectiveFps: null, latencyP50Ms: null, latencyP90Ms: null, drift: null };
    const headline = headlineWith({ steadyState: { ...steadyState, warmupFrames: 0, ...none } });
    expect(figureOf(headline, 'Throughput')).toMatchObject({ value: 33.3, range: null });
    expect(figureOf(headline, 'Latency p50')).toMatchObject({ value: 28.2, range: null });
    expect(headline.remarks[0]).toContain('without a warm-up');
    expect(headline.remarks[0]).toContain('the throughput is of all frames');
  });

  it('says why a run without frames has no figures', () => {
    const frames = { decoded: 0, processed: 0, dropped: 0, detected: 0 };
    const { latencyMs } = finishedEvent().data;
    const headline = headlineWith({
      outcome: 'failed',
      frames,
      effectiveFps: null,
      steadyState: null,
      latencyMs: { ...latencyMs, endToEnd: null },
      nullReasons: { effectiveFps: 'No frame was processed.' },
    });
    expect(headline.remarks).toEqual(['No frame was processed.']);
  });

  it('has no remarks while the run goes on', () => {
    const windows = [windowEvent(0).data];
    const started = startedEvent().data;
    const running = viewRun({ ...record, status: 'running', started, windows, finished: null });
    expect(headlineOf(running).remarks).toEqual([]);
    expect(figureOf(headlineOf(running), 'Throughput')?.value).toBeCloseTo(4 / 3);
  });
});
