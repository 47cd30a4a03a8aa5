// Runs to be made again: the recipes in a file, and the source at hand for each.
import { readFileSync } from 'node:fs';
import type { PlannedSource, RunRecipe } from '../src/lib/benchmark/run-plan.ts';
import { RecipeError, readRecipes } from '../src/lib/events/read-recipe.ts';
import { ACTOR } from './bench-clip.ts';
import type { BenchClip } from './bench-clip.ts';
import { BenchError } from './bench-error.ts';
import type { BenchSource } from './headless-tab.ts';
import { OWN_MODEL_PREFIX } from '../src/lib/models/model-spec.ts';
import type { ImageSet } from './image-set.ts';
import type { PlannedRun } from './planned-run.ts';
import { selectTargets } from './select-targets.ts';

/** The sources that were given for a plan: its clips by their names, its pictures whatever they are. */
export type GivenSources = {
  readonly clips: readonly BenchClip[];
  readonly images: ImageSet | null;
};

/**
 * The runs of a plan, of one run's result, or of a results.json, in their order. Throws a BenchError when
 * the file is none, asks for what cannot be run here, or goes with other sources than these.
 */
export function readPlanFile(path: string, given: GivenSources): PlannedRun[] {
  const recipes = readFile(path);
  requireUse(given, recipes);
  return recipes.map((recipe): PlannedRun => {
    const { target, source, ...conditions } = recipe;
    requireCatalogued(target, path);
    const [known = null] = selectTargets([target]);
    return {
      source: sourceOf(source, given, path),
      target: known,
      conditions: { ...conditions, expectedDigest: source.framesDigest },
    };
  });
}

function readFile(path: string): RunRecipe[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw unusable(path, `cannot be read (${code})`);
  }
  try {
    return readRecipes(JSON.parse(text));
  } catch (cause) {
    if (cause instanceof SyntaxError) throw unusable(path, 'is not JSON');
    if (cause instanceof RecipeError) throw unusable(path, cause.message);
    throw cause;
  }
}

function unusable(path: string, reason: string): BenchError {
  return new BenchError(
    `The plan ${path} ${reason}. Give --plan a plan file, or the run.json or results.json of a run.`,
  );
}

/** A model of the user's own is on the device that measured it, and not here. */
function requireCatalogued(target: string, path: string): void {
  const [, model = ''] = target.split(/[/@]/);
  if (!model.startsWith(OWN_MODEL_PREFIX)) return;
  throw new BenchError(
    `The plan ${path} has a run of ${target}, a model of somebody's own, which no plan can bring. Measure it with --model instead of --plan.`,
  );
}

/** A file that no run uses is a mistake: it may have been renamed. */
function requireUse({ clips, images }: GivenSources, recipes: readonly RunRecipe[]): void {
  const named = recipes.filter(({ source }) => source.kind === 'clip');
  const names = [...new Set(named.map(({ source }) => source.name))];
  const twice = clips.find(({ name }, i) => clips.findIndex((clip) => clip.name === name) < i);
  if (twice) {
    throw new BenchError(
      `--clip gives two files named ${twice.name}, and a plan tells clips apart by their names. Give just one.`,
    );
  }
  const unused = clips.find(({ name }) => !names.includes(name));
  if (unused) {
    const asks = names.length === 0 ? 'no clip' : names.join(', ');
    throw new BenchError(
      `The plan asks for ${asks}, but --clip gives ${unused.name}. Give the plan's clips by their names, and no others.`,
    );
  }
  if (images && !recipes.some(({ source }) => source.kind === 'images')) {
    throw new BenchError('The plan asks for no pictures. Leave --images out.');
  }
}

function sourceOf(
  { kind, name }: PlannedSource,
  { clips, images }: GivenSources,
  path: string,
): BenchSource {
  switch (kind) {
    case 'actor':
      return ACTOR;
    case 'clip': {
      const clip = clips.find((each) => each.name === name);
      if (clip) return clip;
      throw new BenchError(`The plan ${path} was made for ${name}. Give that file with --clip.`);
    }
    case 'images':
      if (images) return images;
      throw new BenchError(
        `The plan ${path} was made for ${name}. Give their folder with --images.`,
      );
    case 'camera':
      throw new BenchError(
        `The plan ${path} was made for a camera, which the bench's browser does not have. Open it in the app on a device that has one.`,
      );
  }
}
