// docs/configuration.md against the code: every variable, and its default.
import { expect, test } from 'vitest';
import { VARIABLES, readConfig } from '../../../server/config.server.ts';
import { tablesIn } from './doc-tables.ts';

const rows = tablesIn('docs/configuration.md', 'variable').flatMap((table) =>
  table.rows.map(({ variable = '', default: fallback = '' }) => {
    return [variable.replaceAll('`', ''), fallback] as const;
  }),
);

test('every variable is described, and no other', () => {
  expect(rows.map(([name]) => name).toSorted()).toEqual(VARIABLES.toSorted());
});

test('a default that is named is the one that counts', () => {
  const named = rows.flatMap(([name, text]) => {
    const value = /^`(.+)`$/.exec(text)?.[1];
    return value === undefined ? [] : [[name, value] as const];
  });
  expect(named.length).toBeGreaterThanOrEqual(9);
  const project = { GOOGLE_CLOUD_PROJECT: 'a-project' };
  const google = { ...project, KINEMARK_PLATFORM: 'google' };
  for (const [name, value] of named) {
    // What is said to be the default changes nothing when it is set.
    const base = name === 'KINEMARK_PLATFORM' || name === 'KINEMARK_DATA' ? project : google;
    expect(readConfig({ ...base, [name]: value }), name).toEqual(readConfig(base));
  }
});
