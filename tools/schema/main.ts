// `npm run schema`: writes docs/results.schema.json anew after a change of the event schema.
import { writeFile } from 'node:fs/promises';
import { RESULTS_SCHEMA_PATH, resultsSchemaText } from './results-schema.ts';

await writeFile(RESULTS_SCHEMA_PATH, resultsSchemaText());
console.log(`kinemark schema: wrote ${RESULTS_SCHEMA_PATH}`);
