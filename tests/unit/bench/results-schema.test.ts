import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { RESULTS_SCHEMA_PATH, resultsSchemaText } from '../../../tools/schema/results-schema.ts';
import { finishedEvent } from '../../fixtures/events.ts';

it('is published as it is derived from the event schema (else: npm run schema)', async () => {
  expect(JSON.parse(await readFile(RESULTS_SCHEMA_PATH, 'utf8'))).toEqual(
    JSON.parse(resultsSchemaText()),
  );
});

it('accepts results and refuses what is none', () => {
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(
    JSON.parse(resultsSchemaText()) as object,
  );
  const run = finishedEvent().data;
  expect(validate({ schema: 'kinemark.results/1', runs: [run] })).toBe(true);
  expect(validate({ schema: 'kinemark.results/2', runs: [run] })).toBe(false);
  expect(validate({ schema: 'kinemark.results/1', runs: [{ ...run, wallTimeMs: '9 s' }] })).toBe(
    false,
  );
});
