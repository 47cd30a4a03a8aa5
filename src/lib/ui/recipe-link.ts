// A run's recipe as a link: whoever opens it finds the measuring page set as it was.
import type { RunRecipe } from '../benchmark/run-plan.ts';
import { RecipeError, readRecipe } from '../events/read-recipe.ts';

/** The query parameter of the measuring page. */
export const PLAN_PARAMETER = 'plan';

/** The path of a link, with the recipe as JSON in base64url (RFC 4648 §5). */
export function linkOfRecipe(recipe: RunRecipe): string {
  const bytes = new TextEncoder().encode(JSON.stringify(recipe));
  const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  const url = base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  return `/?${PLAN_PARAMETER}=${url}`;
}

/** The recipe in a link's parameter. Throws a RecipeError when it is cut off or was made by another version. */
export function recipeOfLink(parameter: string): RunRecipe {
  return readRecipe(decode(parameter));
}

function decode(parameter: string): unknown {
  try {
    const binary = atob(parameter.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new RecipeError('is incomplete');
  }
}
