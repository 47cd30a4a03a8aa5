import { describe, expect, it } from 'vitest';
import type { RunRecipe } from '../../../src/lib/benchmark/run-plan.ts';
import { RecipeError, readRecipes } from '../../../src/lib/events/read-recipe.ts';
import { PLAN_PARAMETER, linkOfRecipe, recipeOfLink } from '../../../src/lib/ui/recipe-link.ts';

const recipe: RunRecipe = {
  target: 'litert/blazepose-full@webgpu',
  options: { threads: 2, maxPoses: 3, tracking: true, smoothing: false },
  scenario: 'live',
  settings: { durationMs: 600_000, findMaxFps: true, streams: null },
  source: { kind: 'clip', name: 'Läufer – 走る人.mp4', framesDigest: 'd'.repeat(64) },
  maxFrames: 300,
  seed: 4_294_967_295,
  minDurationMs: 2000,
};

function parameterOf(link: string): string {
  return new URL(link, 'https://kinemark.example').searchParams.get(PLAN_PARAMETER) ?? '';
}

describe('a plan as a link', () => {
  it('comes back as it was, whatever the name of the clip', () => {
    const link = linkOfRecipe(recipe);
    expect(link).toMatch(/^\/\?plan=[\w-]+$/);
    expect(recipeOfLink(parameterOf(link))).toEqual(recipe);
  });

  it('is refused when it was cut off', () => {
    const parameter = parameterOf(linkOfRecipe(recipe));
    expect(() => recipeOfLink(parameter.slice(0, 100))).toThrow('is incomplete');
    expect(() => recipeOfLink('*')).toThrow(RecipeError);
  });

  it('names the field that is not as it must be', () => {
    const other = { ...recipe, scenario: 'server' } as unknown as RunRecipe;
    expect(() => recipeOfLink(parameterOf(linkOfRecipe(other)))).toThrow('has no valid "scenario"');
  });
});

describe('plans in a file', () => {
  it('may be one plan, one run, or all runs of a results.json', () => {
    const second = { ...recipe, target: 'ort/blazepose-lite@wasm' };
    expect(readRecipes(recipe)).toEqual([recipe]);
    expect(readRecipes({ runId: 'x', recipe })).toEqual([recipe]);
    expect(readRecipes({ schema: 'x', runs: [{ recipe }, { recipe: second }] })).toEqual([
      recipe,
      second,
    ]);
  });

  it.each([
    [{}, 'has no valid "target"'],
    [null, 'is no plan of a run'],
    [{ runs: [] }, 'has no runs'],
    [{ runs: [{ recipe: { ...recipe, seed: -1 } }] }, 'has no valid "seed"'],
  ])('%j is refused', (value, reason) => {
    expect(() => readRecipes(value)).toThrow(reason);
  });
});
