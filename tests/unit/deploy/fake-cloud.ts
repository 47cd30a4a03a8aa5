// Runs deploy/gcp/deploy.sh with programs in place of gcloud, bq, curl and sleep that note how they were called and
// answer as Google Cloud would. Nothing is reached.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const execFileAsync = promisify(execFile);

const PROJECT_ROOT = join(import.meta.dirname, '../../..');
const SCRIPT = join(PROJECT_ROOT, 'deploy/gcp/deploy.sh');

/** What the programs need of a project's settings; its number is the one that they answer with. */
export const PROJECT_ID = 'my-project';
export const PROJECT_NUMBER = '123456789012';
export const REGION = 'europe-west1';
export const TOKEN = 'the-token-of-a-test';

/** The settings that have no default. */
export const NEEDED = [
  ...['--project', PROJECT_ID, '--region', REGION, '--database-location', 'eur3'],
  ...['--image', 'registry.example/kinemark:1'],
];

/** How the cloud answers. */
export type FakeCloud = {
  /** Whether what is asked for exists. */
  readonly has?: 'everything' | 'nothing';
  /** Calls that contain this text, words between spaces, fail; and how often, by default always. */
  readonly fails?: { readonly call: string; readonly times?: number; readonly says: string };
  /** Instead of the usual answers to `describe`, by the text that their call contains. */
  readonly described?: { readonly call: string; readonly says: string };
  /** Name of the file in the rules that count; by default the one that is wanted. */
  readonly rulesFile?: string;
};

/** One call: the program and its arguments. */
export type Call = readonly string[];

/** What came of a run. */
export type Outcome = {
  readonly status: number;
  readonly stdout: string;
  /** Sentences, one a line. */
  readonly stderr: string;
  readonly calls: readonly Call[];
  /** What curl was given on stdin. */
  readonly headers: string;
};

/** Arguments end with one, calls with the other: no argument holds them. */
const ARGUMENT_END = '\u001f';
const CALL_END = '\u001e';

const PROGRAM = String.raw`#!/usr/bin/env bash
call="$(basename "$0") $*"
# In one piece: the programs of a pipeline write at the same time.
printf '%s\036' "$(printf '%s\037' "$(basename "$0")" "$@")" >>"$FAKE_FOLDER/calls"
if [[ -n "$FAIL_CALL" && "$call" == *"$FAIL_CALL"* ]]; then
  printf x >>"$FAKE_FOLDER/failures"
  if (($(wc -c <"$FAKE_FOLDER/failures") <= FAIL_TIMES)); then printf '%s\n' "$FAIL_SAYS" >&2; exit 1; fi
fi
if [[ "$call" == curl* ]]; then
  cat >>"$FAKE_FOLDER/headers"
  ruleset='"projects/my-project/rulesets/0a1b"'
  case "$HAS $call" in
    *'--request POST'*/rulesets) printf '{ "name": %s }\n200' "$ruleset" ;;
    *'--request P'*) printf '{}\n200' ;;
    everything*/rulesets/*) printf '{\n "name": %s,\n "source": { "files": [{ "name": "%s" }] }\n}\n200' "$ruleset" "$RULES_FILE" ;;
    everything*) printf '{\n "name": "x",\n "rulesetName": %s\n}\n200' "$ruleset" ;;
    *) printf '{ "error": { "status": "NOT_FOUND" } }\n404' ;;
  esac
  exit
fi
if [[ -n "$DESCRIBED_CALL" && "$call" == *"$DESCRIBED_CALL"* ]]; then printf '%s\n' "$DESCRIBED_SAYS"; exit; fi
case "$call" in
  *'projects describe'*) echo 123456789012; exit ;;
  *print-access-token*) echo the-token-of-a-test; exit ;;
  *' describe '* | 'bq '*' show '*) ;;
  *) exit ;;
esac
if [[ "$HAS" == everything ]]; then
  case "$call" in
    *databases*) echo FIRESTORE_NATIVE ;;
    *enableMessageOrdering*) echo True ;;
  esac
  exit
fi
case "$call" in
  bq*) echo 'BigQuery error in show operation: Not found: Dataset my-project:kinemark'; exit 2 ;;
  *buckets*) echo 'ERROR: (gcloud.storage.buckets.describe) gs://my-project-kinemark-build not found: 404.' >&2 ;;
  *service-accounts*) echo 'ERROR: (gcloud.iam.service-accounts.describe) NOT_FOUND: Unknown service account.' >&2 ;;
  *databases*) echo "ERROR: (gcloud.firestore.databases.describe) NOT_FOUND: Project 'my-project' or database '(default)' does not exist." >&2 ;;
  *) echo 'ERROR: (gcloud) NOT_FOUND: Resource not found (resource=x).' >&2 ;;
esac
exit 1
`;

/** The name under which the checkout's rules are kept. */
async function wantedRulesFile(): Promise<string> {
  const { stdout } = await execFileAsync('bash', ['-c', 'cksum <deploy/gcp/firestore.rules'], {
    cwd: PROJECT_ROOT,
  });
  return `firestore-${stdout.trim().replaceAll(' ', '-')}.rules`;
}

/** In a folder of its own, which is gone afterwards: also hooks call this, which outlive no test. */
async function run(
  program: readonly string[],
  cloud: FakeCloud,
  variables: Readonly<Record<string, string>>,
): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'kinemark-deploy-'));
  try {
    return await runIn(folder, program, cloud, variables);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runIn(
  folder: string,
  program: readonly string[],
  { has = 'nothing', fails, described, rulesFile }: FakeCloud,
  variables: Readonly<Record<string, string>>,
): Promise<Outcome> {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const name of ['gcloud', 'bq', 'curl', 'sleep']) {
    writeFileSync(join(bin, name), PROGRAM, { mode: 0o755 });
  }
  const [file = '', ...args] = program;
  const environment = {
    PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
    HOME: folder,
    FAKE_FOLDER: folder,
    HAS: has,
    RULES_FILE: rulesFile ?? (await wantedRulesFile()),
    FAIL_CALL: fails?.call ?? '',
    FAIL_SAYS: fails?.says ?? '',
    FAIL_TIMES: String(fails?.times ?? Number.MAX_SAFE_INTEGER),
    DESCRIBED_CALL: described?.call ?? '',
    DESCRIBED_SAYS: described?.says ?? '',
    ...variables,
  };
  const end = await execFileAsync(file, args, { env: environment, cwd: PROJECT_ROOT }).then(
    ({ stdout, stderr }) => ({ status: 0, stdout, stderr }),
    (error: unknown) => {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { status: code, stdout, stderr };
    },
  );
  const read = (name: string) => {
    const path = join(folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };
  const calls = read('calls')
    .split(CALL_END)
    .slice(0, -1)
    .map((call) => call.split(ARGUMENT_END).slice(0, -1));
  return { ...end, calls, headers: read('headers') };
}

/** Deploys. */
export async function deploy(
  args: readonly string[],
  cloud: FakeCloud = {},
  variables: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  return run(['bash', SCRIPT, ...args], cloud, variables);
}

/** What `--dry-run` prints, as a shell reads it. Rejects when the dry run itself called anything. */
export async function printedCalls(
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<readonly Call[]> {
  const printed = await deploy([...args, '--dry-run'], {}, variables);
  if (printed.status !== 0 || printed.calls.length > 0) {
    throw new Error(`A dry run ended with ${printed.status} after ${printed.calls.length} calls.`);
  }
  const { calls } = await run(['bash', '-c', printed.stdout], { has: 'everything' }, {});
  return calls;
}

/** Whether a call has these words one after the other. */
export function says(call: Call, words: string): boolean {
  return ` ${call.join(' ')} `.includes(` ${words} `);
}

/** The value of a flag, written `--flag=value` or `--flag value`; undefined where it is not there. */
export function flag(call: Call, name: string): string | undefined {
  const joined = call.find((word) => word.startsWith(`${name}=`));
  if (joined !== undefined) return joined.slice(name.length + 1);
  const at = call.indexOf(name);
  return at === -1 ? undefined : call[at + 1];
}
