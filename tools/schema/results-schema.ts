// The JSON Schema of results.json, derived from the schema that the server validates with.
import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { runSummarySchema } from '../../src/lib/events/run-summary-schema.ts';

/** Where the schema is published, from the project's root. */
export const RESULTS_SCHEMA_PATH = 'docs/results.schema.json';

const resultsSchema = v.object({
  schema: v.literal('kinemark.results/1'),
  runs: v.array(runSummarySchema),
});

/** The schema as the text of its file. Rules that JSON Schema cannot say are left out. */
export function resultsSchemaText(): string {
  const schema = toJsonSchema(resultsSchema, { target: 'draft-2020-12', errorMode: 'ignore' });
  const described = { title: 'Kinemark results, version 1', ...schema };
  return `${JSON.stringify(described, null, 2)}\n`;
}
