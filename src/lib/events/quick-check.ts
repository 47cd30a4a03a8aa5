// Recognises values that a valibot schema would accept and return as they are, several times faster than the
// schema does, which copies what it reads. Never the last word: what is not recognised is for the schema.
import type * as v from 'valibot';

/** True only if the schema accepts the value and its output would be equal, down to the order of keys. */
export type QuickCheck = (value: unknown) => boolean;

/** As much of valibot's schemas and actions as is read here (valibot 1, https://valibot.dev/api). */
type Part = {
  readonly kind: string;
  readonly type: string;
  /** Of an action: a function, an expression, or a limit. */
  readonly requirement?: unknown;
  readonly pipe?: readonly Part[];
  readonly entries?: Readonly<Record<string, Part>>;
  readonly items?: readonly Part[];
  readonly item?: Part;
  readonly wrapped?: Part;
  readonly literal?: unknown;
  readonly options?: readonly unknown[];
  readonly key?: string;
};

/** Nothing is known of the value: the schema decides. */
const isUnsure: QuickCheck = () => false;

/** Reads the schema once. Parts of a kind that is unknown here make every value that has them unsure. */
export function createQuickCheck(schema: v.GenericSchema): QuickCheck {
  return checkOf(schema);
}

function checkOf(part: Part): QuickCheck {
  const { pipe } = part;
  if (pipe) {
    // A pipe's own first part is in it again.
    return pipe.map((item) => checkOf(item)).reduce(bothOf);
  }
  return checkOfOne(part);
}

function checkOfOne(part: Part): QuickCheck {
  if (part.kind === 'validation') return checkOfAction(part);
  const { entries = {}, items = [], item, wrapped, options = [], literal } = part;
  switch (part.type) {
    case 'string':
      return (value) => typeof value === 'string';
    case 'number':
      return (value) => typeof value === 'number' && !Number.isNaN(value);
    case 'boolean':
      return (value) => typeof value === 'boolean';
    case 'literal':
      return (value) => value === literal;
    case 'picklist':
      return (value) => options.includes(value);
    case 'nullable':
      return wrapped ? orNull(checkOf(wrapped)) : isUnsure;
    case 'optional':
      // What is missing has a default, which is for the schema to fill in.
      return wrapped ? checkOf(wrapped) : isUnsure;
    case 'array':
      return item ? arrayOf(checkOf(item)) : isUnsure;
    case 'tuple':
      return tupleOf(items.map(checkOf));
    case 'strict_object':
      return objectOf(Object.entries(entries).map(([key, entry]) => [key, checkOf(entry)]));
    case 'variant':
      return variantOf(part.key ?? '', options as readonly Part[]);
    default:
      return isUnsure;
  }
}

function checkOfAction({ type, requirement }: Part): QuickCheck {
  if (requirement instanceof RegExp) {
    return (value) => typeof value === 'string' && requirement.test(value);
  }
  if (typeof requirement === 'function') {
    return (value) => (requirement as (value: unknown) => unknown)(value) === true;
  }
  if (typeof requirement !== 'number') return isUnsure;
  switch (type) {
    case 'min_value':
      return (value) => typeof value === 'number' && value >= requirement;
    case 'max_value':
      return (value) => typeof value === 'number' && value <= requirement;
    case 'min_length':
      return (value) => lengthOf(value) >= requirement;
    case 'max_length':
      return (value) => lengthOf(value) <= requirement;
    default:
      return isUnsure;
  }
}

function bothOf(first: QuickCheck, second: QuickCheck): QuickCheck {
  return (value) => first(value) && second(value);
}

function orNull(check: QuickCheck): QuickCheck {
  return (value) => value === null || check(value);
}

function arrayOf(check: QuickCheck): QuickCheck {
  return (value) => Array.isArray(value) && value.every(check);
}

function tupleOf(checks: readonly QuickCheck[]): QuickCheck {
  return (value) =>
    Array.isArray(value) &&
    value.length === checks.length &&
    checks.every((check, index) => check(value[index]));
}

/** All entries, no others, in the schema's order: the schema's output would have them in it. */
function objectOf(entries: readonly (readonly [key: string, check: QuickCheck])[]): QuickCheck {
  return (value) => {
    if (typeof value !== 'object' || value === null) return false;
    let index = 0;
    for (const key in value) {
      const entry = entries[index++];
      if (entry?.[0] !== key || !entry[1]((value as Record<string, unknown>)[key])) return false;
    }
    return index === entries.length;
  };
}

function variantOf(key: string, options: readonly Part[]): QuickCheck {
  const checks = new Map(
    options.map((option) => [option.entries?.[key]?.literal, checkOf(option)] as const),
  );
  return (value) => {
    if (typeof value !== 'object' || value === null) return false;
    return checks.get((value as Record<string, unknown>)[key])?.(value) ?? false;
  };
}

/** NaN where there is none: no comparison holds then. */
function lengthOf(value: unknown): number {
  return typeof value === 'string' || Array.isArray(value) ? value.length : NaN;
}
