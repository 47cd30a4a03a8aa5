// docs/metrics.md defines every field of a run's summary: none may be missing, twice there, or made up.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nullReasonsOf } from '../../../src/lib/benchmark/null-reasons.ts';
import { RESULTS_SCHEMA_PATH } from '../../../tools/schema/results-schema.ts';
import { finishedEvent } from '../../fixtures/events.ts';
import { codeSpansOf, tablesIn } from './doc-tables.ts';
import type { DocRow } from './doc-tables.ts';
import { fieldsOf } from './schema-fields.ts';
import type { SchemaField, SchemaNode } from './schema-fields.ts';

/** `x.*` is x, an object or none, with the figures of a group; the page's own tables say what a group has. */
const GROUP_END = '.*';
/** What a member of a group is called in the group's table. */
const MEMBER_START = '*.';
const NEVER = 'never';

type Entry = { readonly path: string; readonly row: DocRow };

const entries = tablesIn('docs/metrics.md', 'field').map(({ rows }) =>
  rows.flatMap((row) => codeSpansOf(row['field'] ?? '').map((path): Entry => ({ path, row }))),
);
const isMember = ({ path }: Entry): boolean => path.startsWith(MEMBER_START);
const groups = entries.filter((table) => table.some(isMember));
const definitions = entries.filter((table) => !table.some(isMember)).flat();

const { properties } = JSON.parse(readFileSync(RESULTS_SCHEMA_PATH, 'utf8')) as SchemaNode;
const fields = fieldsOf(properties?.['runs']?.items ?? {});
const fieldAt = new Map(fields.map((field) => [field.path, field]));

/** The group's table that has exactly these members, or undefined. */
function groupOf(members: readonly string[]): readonly Entry[] | undefined {
  const wanted = members.map((name) => `${MEMBER_START}${name}`).toSorted();
  return groups.find((group) => {
    const names = group.map(({ path }) => path).toSorted();
    return JSON.stringify(names) === JSON.stringify(wanted);
  });
}

/** What an entry defines, by path, with the cell that says when it is null. Throws on a field that is none. */
function definedBy({ path, row }: Entry): (readonly [path: string, nullWhen: string])[] {
  const isGroup = path.endsWith(GROUP_END);
  const own = isGroup ? path.slice(0, -GROUP_END.length) : path;
  const field = fieldAt.get(own);
  if (!field) throw new Error(`There is no field ${own}.`);
  const itself = [own, row['null when'] ?? ''] as const;
  if (!isGroup) return [itself];
  const group = groupOf(field.members ?? []);
  if (!group) throw new Error(`No group has the fields of ${own}.`);
  return [
    itself,
    ...group.map((member) => {
      const name = member.path.slice(MEMBER_START.length);
      return [`${own}.${name}`, member.row['null when'] ?? ''] as const;
    }),
  ];
}

/** Objects that are always there say nothing by themselves. */
const needsDefinition = ({ members, isNullable }: SchemaField): boolean =>
  members === null || isNullable;

describe('docs/metrics.md', () => {
  const defined = definitions.flatMap(definedBy);

  it('defines every field, and each once', () => {
    const paths = defined.map(([path]) => path);
    const twice = paths.filter((path, i) => paths.indexOf(path) !== i);
    expect(twice).toEqual([]);
    const wanted = fields.filter(needsDefinition).map(({ path }) => path);
    expect(wanted.filter((path) => !paths.includes(path))).toEqual([]);
  });

  it('says when a field is null exactly of those that may be', () => {
    for (const [path, nullWhen] of defined) {
      expect(nullWhen, path).not.toBe('');
      expect(nullWhen !== NEVER, path).toBe(fieldAt.get(path)?.isNullable);
    }
  });

  it('knows every reason that the code gives', () => {
    const { quality, source, ...others } = finishedEvent().data;
    const nothing = {
      ...others,
      backend: 'webgpu',
      steadyState: null,
      live: null,
      streams: null,
      firstInferenceMs: null,
      sustained: null,
      accuracy: null,
      parity: null,
      quality: { ...quality, jitter: null, identityKept: null },
      source: { ...source, sha256: null, framesDigest: null, frameCount: null },
    };
    const noFrames = { decoded: 0, processed: 0, dropped: 0, detected: 0 };
    const fewFrames = { ...noFrames, decoded: 2, processed: 2 };
    const isKnown = (path: string): boolean => {
      const pattern = new RegExp(`^${path.replaceAll('.', '\\.').replaceAll('*', '[^.]+')}(\\.|$)`);
      return defined.some(([own, nullWhen]) => pattern.test(own) && nullWhen !== NEVER);
    };
    for (const frames of [noFrames, fewFrames]) {
      const reasons = Object.keys(nullReasonsOf({ ...nothing, frames }, null));
      expect(reasons.length).toBeGreaterThan(10);
      expect(reasons.filter((path) => !isKnown(path))).toEqual([]);
    }
  });

  it('has words for each, and uses every group', () => {
    for (const { path, row } of entries.flat()) expect(row['definition'], path).not.toBe('');
    const used = definitions
      .filter(({ path }) => path.endsWith(GROUP_END))
      .map(({ path }) => groupOf(fieldAt.get(path.slice(0, -GROUP_END.length))?.members ?? []));
    for (const group of groups) expect(used).toContain(group);
  });
});

describe('the fields that are to be defined', () => {
  it('are leaves and what they are in, through lists and what may be null', () => {
    const schema: SchemaNode = {
      properties: {
        plain: { type: 'number' },
        list: {
          type: 'array',
          items: {
            type: 'object',
            properties: { inner: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
          },
        },
      },
    };
    expect(fieldsOf(schema)).toEqual([
      { path: 'plain', isNullable: false, members: null },
      { path: 'list', isNullable: false, members: ['inner'] },
      { path: 'list.inner', isNullable: true, members: null },
    ]);
    expect(() => fieldsOf({ properties: { hole: {} } })).toThrow('hole');
  });
});
