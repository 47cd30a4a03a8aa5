import { describe, expect, it } from 'vitest';
import type { RunRecipe, ScenarioId } from '../../../src/lib/benchmark/run-plan.ts';
import { recipeOfLink } from '../../../src/lib/ui/recipe-link.ts';
import {
  runAgainOf,
  scenarioTitleOf,
  settingsWords,
  sourceWords,
} from '../../../src/lib/ui/runs/plan-words.ts';
import { finishedEvent, recipe } from '../../fixtures/events.ts';

const { settings } = recipe;

function planOf(changes: Partial<RunRecipe>): RunRecipe {
  return { ...recipe, ...changes };
}
function ofSource(kind: RunRecipe['source']['kind'], name: string): RunRecipe {
  return planOf({ source: { kind, name, framesDigest: null } });
}

describe('settingsWords', () => {
  it.each<[string, ScenarioId, Partial<RunRecipe>]>([
    ['', 'single-stream', {}],
    ['first 300 frames', 'offline', { maxFrames: 300 }],
    ['repeated for 10 min', 'single-stream', { settings: { ...settings, durationMs: 600_000 } }],
    ['highest rate searched', 'live', { settings: { ...settings, findMaxFps: true } }],
    ['most streams searched', 'multi-stream', {}],
    [
      '4 streams, repeated for 90 s',
      'multi-stream',
      { settings: { ...settings, streams: 4, durationMs: 90_000 } },
    ],
    ['1 stream', 'multi-stream', { settings: { ...settings, streams: 1 } }],
    [
      'for 10 s',
      'live',
      {
        settings: { ...settings, durationMs: 10_000 },
        source: { kind: 'camera', name: 'Camera', framesDigest: null },
      },
    ],
  ])('says "%s" of %s', (words, scenario, changes) => {
    expect(settingsWords(scenario, planOf({ scenario, ...changes }))).toBe(
      words.replace('90 s', '1 min 30 s'),
    );
  });
});

describe('sourceWords', () => {
  it('counts the frames of a clip, and says that a camera has no number of them', () => {
    const { source } = finishedEvent().data;
    expect(sourceWords(source)).toBe('built-in clip, 480 × 640, 300 frames');
    const camera = { ...source, kind: 'camera' as const, frameCount: null };
    expect(sourceWords(camera)).toBe('camera, 480 × 640, no fixed number of frames');
  });
});

describe('runAgainOf', () => {
  it('links to the measuring page with the plan', () => {
    const { link, note } = runAgainOf(recipe);
    const parameter = new URL(link ?? '', 'http://localhost').searchParams.get('plan');
    expect(recipeOfLink(parameter ?? '')).toEqual(recipe);
    expect(note).toBeNull();
  });

  it('names the file that has to be chosen', () => {
    expect(runAgainOf(ofSource('clip', 'gym.mp4')).note).toContain('choose “gym.mp4”');
  });

  it('leads to the bench for pictures, which the page does not take', () => {
    const { link, note } = runAgainOf(ofSource('images', 'photos'));
    expect(link).toBeNull();
    expect(note).toMatch(/npm run bench.*--images/);
  });

  it('does not promise the same frames of a camera', () => {
    const { link, note } = runAgainOf(ofSource('camera', 'Camera'));
    expect(link).not.toBeNull();
    expect(note).toContain('never shows the same frames twice');
  });
});

describe('scenarioTitleOf', () => {
  it('knows the scenarios, and leaves others their id', () => {
    expect(scenarioTitleOf('multi-stream')).toBe('Multi-stream');
    expect(scenarioTitleOf('of-tomorrow')).toBe('of-tomorrow');
  });
});
