// Speaks to Firestore's emulator as a browser does: over REST, with a token or none, under the rules that are deployed.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const RULES_FILE = join(import.meta.dirname, '../../deploy/gcp/firestore.rules');

/** Loads rules for `project`: those that are deployed, unless a test has its own. Rejects when they are no rules. */
export async function loadRules(project: string, rules?: string): Promise<void> {
  const content = rules ?? (await readFile(RULES_FILE, 'utf8'));
  const response = await fetch(`${origin()}/emulator/v1/projects/${project}:securityRules`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ rules: { files: [{ name: 'firestore.rules', content }] } }),
  });
  if (!response.ok) throw new Error(`The rules were refused: ${await response.text()}`);
}

/** An ID token of a user, as the emulator takes it: without a signature. */
export function userToken(project: string, claims: Readonly<Record<string, unknown>> = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const payload = {
    iss: `https://securetoken.google.com/${project}`,
    aud: project,
    sub: 'somebody',
    user_id: 'somebody',
    iat: now,
    auth_time: now,
    exp: now + 3600,
    firebase: { sign_in_provider: 'password', identities: {} },
    ...claims,
  };
  return `${encode({ alg: 'none', typ: 'JWT' })}.${encode(payload)}.`;
}

/** Asks for `path` below the documents of the default database. The answer's status says what the rules say. */
export async function askDocuments(
  project: string,
  token: string | null,
  method: string,
  path: string,
  body?: unknown,
): Promise<number> {
  const response = await fetch(
    `${origin()}/v1/projects/${project}/databases/(default)/documents${path}`,
    {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
  );
  await response.text();
  return response.status;
}

function origin(): string {
  return `http://${process.env['FIRESTORE_EMULATOR_HOST'] ?? ''}`;
}
