// The targets that a command line means: ids and patterns of ids.
import { UnknownTargetError, findTarget, targets } from '../src/lib/models/catalogue.ts';
import { isRemote } from '../src/lib/models/remote-path.ts';
import type { Target } from '../src/lib/models/target.ts';
import { BenchError } from './bench-error.ts';

/**
 * The targets meant by these arguments, each once: ids or patterns separated by commas, where `*` stands
 * for any characters. In the order of the arguments, a pattern's in the catalogue's order. Throws a
 * BenchError that names an id nobody knows or a pattern that nothing fits.
 */
export function selectTargets(args: readonly string[]): Target[] {
  const patterns = args.flatMap((arg) => arg.split(',')).map((pattern) => pattern.trim());
  return [...new Set(patterns.flatMap(matching))];
}

function matching(pattern: string): readonly Target[] {
  if (!pattern.includes('*')) return [requireTarget(pattern)];
  const fits = new RegExp(`^${pattern.split('*').map(escaped).join('.*')}$`);
  const found = targets.filter(({ id }) => fits.test(id));
  if (found.length > 0) return found;
  throw new BenchError(
    `No target fits "${pattern}". Targets are named engine/model@backend, for example ${targets
      .slice(0, 3)
      .map(({ id }) => id)
      .join(', ')}.`,
  );
}

/** For a regular expression that means just these characters. */
function escaped(literal: string): string {
  return literal.replaceAll(/\W/g, '\\$&');
}

function requireTarget(id: string): Target {
  try {
    return findTarget(id);
  } catch (cause) {
    if (cause instanceof UnknownTargetError) throw new BenchError(cause.message);
    throw cause;
  }
}

/** Every model whose weights come with Kinemark, on the backend that every device has. */
export function bundledWasmTargets(): Target[] {
  return targets.filter(
    ({ backend, files }) => backend === 'wasm' && !files.some(({ url }) => isRemote(url)),
  );
}
