// `npm test`: runs the stages one after the other, and ends with one line that counts them all.
import { parseArgs } from 'node:util';
import { hasSharedAssets, sharedAssetsFolder } from '../../tests/fixtures/shared-assets.ts';
import { formatCounts, formatFailures, formatTable, sumCounts } from './counts.ts';
import type { StageResult } from './counts.ts';
import { stages } from './stages.ts';
import type { Stage } from './stages.ts';

const STAGE_NAMES = stages.map(({ name }) => name).join(', ');
const EXIT_REFUSED = 2;
const MS_PER_SECOND = 1000;

const USAGE = `Usage: npm test [-- stage …] [-- stage --only text]

Stages, in this order: ${STAGE_NAMES}. Without a name, all of them.
With --only those test files of the stage alone whose path contains the text, for as long as they take.

  KINEMARK_CHROMIUM            the browser to use
  KINEMARK_FIXTURES            folder of the shared assets (default: ../shared/assets); tests that
                               need them are skipped where it is missing
  KINEMARK_REQUIRE_FIXTURES=1  fail without them instead, as .ci/run does
  KINEMARK_REQUIRE_EMULATORS=1 fail where Google's emulators are missing, which stage cloud needs;
                               it is skipped there otherwise
`;

const isFixtureRequired = process.env['KINEMARK_REQUIRE_FIXTURES'] === '1';
const chosen = readChoice();

if (chosen === 'help') {
  console.log(USAGE);
} else if (chosen === null) {
  process.exitCode = EXIT_REFUSED;
} else if (!hasSharedAssets && isFixtureRequired) {
  console.error(
    `kinemark test: the shared assets are required but ${sharedAssetsFolder} does not exist; ` +
      'set KINEMARK_FIXTURES to their folder.',
  );
  const counts = { passed: 0, failed: 1, skipped: 0 };
  finish([{ name: 'fixtures', counts, failures: [], secondTries: [], seconds: 0 }]);
} else {
  if (!hasSharedAssets) {
    console.log(
      `The shared assets are not at ${sharedAssetsFolder}, so the tests that need them are skipped; ` +
        'set KINEMARK_FIXTURES to their folder to run these too.',
    );
  }
  const results: StageResult[] = [];
  for (const stage of chosen.stages) results.push(await runStage(stage, chosen.only));
  finish(results);
}

/** Some stages, and which of their test files; null for all. */
type Choice = { readonly stages: readonly Stage[]; readonly only: string | null };

/** What the command line names; null, after a sentence, when it does not exist. */
function readChoice(): Choice | 'help' | null {
  try {
    const { values, positionals } = parseArgs({
      options: { help: { type: 'boolean' }, only: { type: 'string' } },
      allowPositionals: true,
    });
    if (values.help) return 'help';
    const unknown = positionals.find((name) => !stages.some((stage) => stage.name === name));
    if (unknown !== undefined) throw new Error(`There is no stage "${unknown}"`);
    const named = stages.filter(({ name }) => positionals.includes(name));
    if (values.only === undefined) return { stages: named.length > 0 ? named : stages, only: null };
    if (named.length !== 1 || !named[0]?.hasFiles || values.only === '') {
      throw new Error('--only takes a text from the paths of one stage that has test files');
    }
    return { stages: named, only: values.only };
  } catch (error) {
    console.error(`kinemark test: ${(error as Error).message}; name some of ${STAGE_NAMES}.`);
    return null;
  }
}

async function runStage({ name, run }: Stage, only: string | null): Promise<StageResult> {
  console.log(`\n── ${name} ──`);
  const startMs = performance.now();
  const outcome = await run(only);
  return { name, ...outcome, seconds: (performance.now() - startMs) / MS_PER_SECOND };
}

/** Prints what failed, also once, the table and the last line, and sets the exit code. */
function finish(results: readonly StageResult[]): void {
  const total = sumCounts(results.map(({ counts }) => counts));
  const failures = formatFailures(results);
  if (failures !== null) console.log(`\n${failures}`);
  console.log(`\n${formatTable(results)}\n\n${formatCounts(total)}`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}
