import { describe, expect, it } from 'vitest';
import type { RunSummaryData } from '../../../src/lib/events/metric-event.ts';
import { liveFigures } from '../../../src/lib/ui/runs/live-figures.ts';
import { viewRun } from '../../../src/lib/ui/runs/run-view.ts';
import { DEVICE_ID, RUN_ID, finishedEvent, startedEvent } from '../../fixtures/events.ts';

const record = {
  ...{ runId: RUN_ID, deviceId: DEVICE_ID },
  ...{ windows: [], started: null, finished: null, interrupted: null },
};
const live: NonNullable<RunSummaryData['live']> = {
  sourceFps: 30,
  deadlineMs: 66.7,
  lateFrames: 3,
  missedDeadlines: 0.02,
  resultAgeMs: { count: 300, mean: 31, min: 20, max: 90, p50: 29, p90: 44, p95: 50, p99: null },
  maxFps: 27.5,
  probes: [{ value: 27.5, missedDeadlines: 0.005 }],
};

function figuresOf(data: Partial<RunSummaryData>) {
  const finished = finishedEvent({ data }).data;
  return liveFigures(viewRun({ ...record, status: 'finished', finished }));
}

describe('liveFigures', () => {
  it('has the deadline, what missed it, the ages and the highest rate', () => {
    const nullReasons = { 'latencyMs.*.p99': 'Too few.' };
    const figures = figuresOf({ scenario: 'live', live, nullReasons });
    expect(figures).toMatchObject([
      { label: 'Highest rate held', value: '27.5' },
      { label: 'Missed deadlines', value: '2.00' },
      { label: 'Late results', value: '3' },
      { label: 'Deadline', value: '66.7' },
      { label: 'Source rate', value: '30.0' },
      { label: 'Result age p50', value: '29.0' },
      { label: 'Result age p90', value: '44.0' },
      { label: 'Result age p99', value: '–', note: 'Too few.' },
    ]);
  });

  it('says why there is no highest rate', () => {
    const nullReasons = { 'live.maxFps': 'Not searched.' };
    const none = { ...live, maxFps: null, probes: [] };
    expect(figuresOf({ scenario: 'live', live: none, nullReasons })[0]).toMatchObject({
      label: 'Highest rate held',
      value: '–',
      note: 'Not searched.',
    });
  });

  it('begins with the streams of a multi-stream run, which has no highest rate', () => {
    const figures = figuresOf({
      scenario: 'multi-stream',
      live: { ...live, maxFps: null, probes: [] },
      streams: { streams: 3, held: 3, probes: [] },
    });
    expect(figures.map(({ label }) => label).slice(0, 3)).toEqual([
      'Streams held',
      'Streams in this run',
      'Missed deadlines',
    ]);
  });

  it('says whether one stream or as many as were asked for were not held', () => {
    const asked = figuresOf({
      scenario: 'multi-stream',
      live,
      streams: { streams: 4, held: null, probes: [] },
    });
    expect(asked[0]?.note).toContain('this many streams were not held');
    const searched = figuresOf({
      scenario: 'multi-stream',
      live,
      streams: { streams: 1, held: null, probes: [{ value: 1, missedDeadlines: 0.4 }] },
    });
    expect(searched[0]?.note).toBe('Not even one stream was held.');
  });

  it('keeps a place for each figure while the run goes on', () => {
    const started = startedEvent({ data: { scenario: 'live' } }).data;
    const figures = liveFigures(viewRun({ ...record, status: 'running', started }));
    const labels = figuresOf({ scenario: 'live', live }).map(({ label }) => label);
    expect(figures.map(({ label }) => label)).toEqual(labels);
    expect(new Set(figures.map(({ value }) => value))).toEqual(new Set(['–']));
    expect(new Set(figures.map(({ note }) => note))).toEqual(
      new Set(['Known when the run has finished.']),
    );
  });
});
