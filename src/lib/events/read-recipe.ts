// Reads what asks for a run again: the recipe in a link, in a plan file, or in a result.
import * as v from 'valibot';
import type { RunRecipe } from '../benchmark/run-plan.ts';
import { recipe } from './plan-schemas.ts';

/** The value asks for no run. The message completes "the plan …". */
export class RecipeError extends Error {
  override readonly name = 'RecipeError';
}

/** A recipe from parsed JSON. Throws a RecipeError that names the first field that is not as it must be. */
export function readRecipe(value: unknown): RunRecipe {
  const parsed = v.safeParse(recipe, value);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const path = v.getDotPath(issue);
  throw new RecipeError(
    path === null ? 'is no plan of a run' : `has no valid "${path}": ${issue.message}`,
  );
}

/**
 * The recipes in a file's parsed JSON: of one plan, of one run's data, or of all runs of a results.json, in
 * their order. Throws a RecipeError when there is none.
 */
export function readRecipes(value: unknown): RunRecipe[] {
  const results = fieldOf(value, 'runs');
  const rows = Array.isArray(results) ? (results as unknown[]) : [value];
  if (rows.length === 0) throw new RecipeError('has no runs');
  return rows.map(readRow);
}

/** A run's data is its summary, or what the dashboard gives: the summary under `finished`, or just a beginning. */
function readRow(row: unknown): RunRecipe {
  const runs = [row, fieldOf(row, 'finished'), fieldOf(row, 'started')];
  const noted = runs
    .map((run) => fieldOf(run, 'recipe'))
    .find((each) => each !== undefined && each !== null);
  if (noted !== undefined) return readRecipe(noted);
  if (fieldOf(row, 'runId') === undefined) return readRecipe(row);
  throw new RecipeError('is of a run from before plans were noted');
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
