// Whatever ends a scenario early, it rejects with that and leaves no frame open.
import { describe, expect, it } from 'vitest';
import { scenarioIds } from '../../../src/lib/benchmark/run-plan.ts';
import { runScenario } from '../../../src/lib/benchmark/run-scenario.ts';
import { SourceError } from '../../../src/lib/video/frame-source.ts';
import { simulate } from '../../fixtures/live-simulation.ts';

/** Not the first frame, and while others wait. */
const AT_CALL = 45;
const costs = { frames: 120, decodeMs: 3, transferMs: 2, engineMs: () => 40, wantsPreview: true };

describe.each(scenarioIds)('%s', (scenario) => {
  const settings = { streams: 3 };

  it('closes all frames when it is aborted', async () => {
    const simulation = simulate({
      ...costs,
      settings,
      onEstimate: (call) => {
        if (call === AT_CALL) simulation.abort.abort(new Error('Enough.'));
      },
    });
    await expect(runScenario(scenario, simulation.input)).rejects.toThrow('Enough.');
    expect(simulation.samples.length).toBeGreaterThan(0);
    expect(simulation.ledger.open).toBe(0);
    expect(simulation.marks.ends).toBe(1);
  });

  it('closes all frames when the engine fails', async () => {
    const simulation = simulate({
      ...costs,
      settings,
      onEstimate: (call) => {
        if (call === AT_CALL) throw new Error('Out of memory.');
      },
    });
    await expect(runScenario(scenario, simulation.input)).rejects.toThrow('Out of memory.');
    expect(simulation.samples.length).toBeGreaterThan(0);
    expect(simulation.ledger.open).toBe(0);
    expect(simulation.marks.ends).toBe(1);
  });

  it('closes all frames when the source fails', async () => {
    const simulation = simulate({ ...costs, frames: 60, settings });
    const { source } = simulation.input;
    const breaking = {
      ...source,
      async *frames(signal?: AbortSignal) {
        yield* source.frames(signal);
        throw new SourceError('unreadable', 'It breaks off.');
      },
    };
    const run = runScenario(scenario, { ...simulation.input, source: breaking });
    await expect(run).rejects.toThrow('It breaks off.');
    expect(simulation.samples.length).toBeGreaterThan(0);
    expect(simulation.ledger.open).toBe(0);
  });

  it('does nothing when it was aborted before', async () => {
    const simulation = simulate(costs);
    simulation.abort.abort(new Error('Enough.'));
    await expect(runScenario(scenario, simulation.input)).rejects.toThrow('Enough.');
    expect(simulation.samples).toEqual([]);
    expect(simulation.ledger.open).toBe(0);
  });

  it('ends with a source that has no frames', async () => {
    const simulation = simulate({ frames: 0, settings: { durationMs: 1000, streams: 1 } });
    await runScenario(scenario, simulation.input);
    expect(simulation.samples).toEqual([]);
    expect(simulation.marks.ends).toBe(1);
  });
});
