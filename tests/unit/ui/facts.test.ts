import { describe, expect, it } from 'vitest';
import type { RunSummaryData } from '../../../src/lib/events/metric-event.ts';
import { courseFacts } from '../../../src/lib/ui/runs/course-facts.ts';
import { joinUnknown } from '../../../src/lib/ui/runs/facts.ts';
import type { Fact } from '../../../src/lib/ui/runs/facts.ts';
import { qualityFacts } from '../../../src/lib/ui/runs/quality-facts.ts';
import { resourceFacts } from '../../../src/lib/ui/runs/resource-facts.ts';
import { viewRun } from '../../../src/lib/ui/runs/run-view.ts';
import { DEVICE_ID, RUN_ID, finishedEvent, startedEvent } from '../../fixtures/events.ts';

const record = {
  ...{ runId: RUN_ID, deviceId: DEVICE_ID },
  ...{ windows: [], started: null, finished: null, interrupted: null },
};
const running = viewRun({ ...record, status: 'running', started: startedEvent().data });

function viewWith(data: Partial<RunSummaryData>) {
  const finished = finishedEvent({ data }).data;
  return viewRun({ ...record, status: 'finished', finished });
}
function factOf(facts: readonly Fact[], label: string): Fact | undefined {
  return facts.find((fact) => fact.label === label);
}

describe('joinUnknown', () => {
  it('joins neighbours that are unknown for the same reason', () => {
    const note = 'A page cannot read it.';
    const facts = [
      { label: 'CPU time', value: null, note },
      { label: 'Share of the machine', value: null, note },
      { label: 'WebAssembly heap', value: null, note },
      { label: 'Memory', value: '12', unit: 'MB' },
      { label: 'Pressure', value: null, note },
    ];
    expect(joinUnknown(facts)).toEqual([
      { label: 'CPU time, share of the machine, WebAssembly heap', value: null, note },
      { label: 'Memory', value: '12', unit: 'MB' },
      { label: 'Pressure', value: null, note },
    ]);
  });

  it('keeps unknown neighbours apart that have other reasons', () => {
    const facts = [
      { label: 'Jitter', value: null, note: 'Nobody was found.' },
      { label: 'Parity', value: null, note: 'This is wasm.' },
    ];
    expect(joinUnknown(facts)).toEqual(facts);
  });
});

describe('courseFacts', () => {
  it('tells load, first inference, warm-up and steady state apart', () => {
    const facts = courseFacts(viewWith({}));
    expect(factOf(facts, 'Model load')).toMatchObject({ value: '800', unit: 'ms' });
    expect(factOf(facts, 'First inference')).toMatchObject({ value: '120' });
    expect(factOf(facts, 'Warm-up')).toMatchObject({ value: '20', detail: 'in 0.9 s' });
    expect(factOf(facts, 'Variation')).toMatchObject({ value: '11.0', unit: '%' });
    expect(factOf(facts, 'Drift')).toMatchObject({ value: '+1.00', detail: '−2.00 to +4.00' });
  });

  it('says why there is no steady state', () => {
    const nullReasons = { steadyState: 'Latency never settled.' };
    const facts = courseFacts(viewWith({ steadyState: null, nullReasons }));
    expect(factOf(facts, 'Warm-up and steady state')).toMatchObject({
      value: null,
      note: 'Latency never settled.',
    });
    expect(factOf(facts, 'Drift')).toBeUndefined();
  });
});

describe('resourceFacts', () => {
  it('names the method of each figure', () => {
    const { resources } = finishedEvent().data;
    const page = resourceFacts(viewWith({}));
    expect(factOf(page, 'Peak memory')).toMatchObject({ value: '150', unit: 'MB' });
    expect(factOf(page, 'Peak memory')?.note).toContain('JavaScript and WebAssembly hold');
    const bench = resourceFacts(
      viewWith({
        cpuUtilization: 1.42,
        resources: {
          ...resources,
          cpuMethod: 'browser-process-cpu-time',
          memoryMethod: 'browser-process-rss',
          cpuSeconds: 12.8,
          machineUtilization: 0.71,
        },
      }),
    );
    expect(factOf(bench, 'Peak memory')?.note).toContain('Resident memory');
    expect(factOf(bench, 'CPU of one core')).toMatchObject({ value: '142', unit: '%' });
    expect(factOf(bench, 'CPU of the machine')).toMatchObject({ value: '71.0' });
    expect(factOf(bench, 'CPU time')).toMatchObject({ value: '12.8', unit: 's' });
  });

  it('tells pressure in words, and why CPU time is not known', () => {
    const facts = resourceFacts(viewWith({}));
    expect(factOf(facts, 'CPU pressure during')?.value).toContain('fair');
    expect(factOf(facts, 'CPU of one core')).toEqual({
      label: 'CPU of one core',
      value: null,
      note: 'A browser does not tell.',
    });
  });

  it('is known when the run has finished', () => {
    expect(resourceFacts(running)).toMatchObject([
      { value: null, note: 'Known when the run has finished.' },
    ]);
  });
});

describe('qualityFacts', () => {
  it('labels confidence as the model’s own opinion', () => {
    const confidence = factOf(qualityFacts(viewWith({})), 'Confidence p50');
    expect(confidence).toMatchObject({ value: '90.0', detail: 'p10 80.0 %, p90 95.0 %' });
    expect(confidence?.note).toContain('own opinion');
  });

  it('tells how far a backend is from wasm', () => {
    const parity = { frames: 30, meanOks: 0.9987, maxDistance: 0.031 };
    const fact = factOf(qualityFacts(viewWith({ parity })), 'Parity with wasm');
    expect(fact).toMatchObject({ value: '0.999', unit: 'OKS' });
    expect(fact?.note).toContain('3.10 % of torso');
  });

  it('gives reasons for what is not known', () => {
    const quality = { ...finishedEvent().data.quality, jitter: null, identityKept: null };
    const nullReasons = { 'quality.jitter': 'Unrelated.', parity: 'This is wasm.' };
    const facts = qualityFacts(viewWith({ quality, nullReasons }));
    expect(factOf(facts, 'Jitter')).toMatchObject({ value: null, note: 'Unrelated.' });
    expect(factOf(facts, 'Parity with wasm')).toMatchObject({ value: null, note: 'This is wasm.' });
    expect(factOf(qualityFacts(running), 'Parity with wasm')).toBeUndefined();
  });
});
