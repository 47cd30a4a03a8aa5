// Twenty thousand hostile requests at the real server: it refuses or takes each in an orderly way, and stores
// nothing that is no part of a valid batch.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { STORE_FILE } from '../../server/data-folder.server.ts';
import { parseBatch } from '../../src/lib/events/parse-batch.ts';
import { createSeededRandom } from '../../src/lib/metrics/seeded-random.ts';
import { createDraw } from '../faults/draw.ts';
import { runEvents } from '../fixtures/events.ts';
import { drawHostileRequest, hostileKinds } from '../fixtures/hostile-requests.ts';
import type { HostileRequest } from '../fixtures/hostile-requests.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';
import { startServer } from './server-process.ts';

/** KINEMARK_FUZZ_REQUESTS and KINEMARK_FUZZ_SEED ask for more of them, or for others. */
const REQUESTS = Number(process.env['KINEMARK_FUZZ_REQUESTS'] ?? 20_000);
const SEED = Number(process.env['KINEMARK_FUZZ_SEED'] ?? 1);
const LIMIT_MS = 600_000;
/** Fewer than the batches that the server takes at once, so that it never has to put one off. */
const SENDERS = 8;
/** An answer tells what is wrong, and neither where in the program nor all of what came. */
const MAX_ANSWER_BYTES = 20_000;

/** Where what was done to a batch leaves one answer only. */
const certain: Readonly<Record<string, number>> = {
  nothing: 202,
  'no batch': 400,
  'too many events': 400,
  'a key twice': 202,
  'a bomb': 413,
  'too many bytes': 413,
  'another media type': 415,
  'another coding': 415,
  'no gzip': 415,
  'gzip twice': 400,
};

test(
  `none of ${REQUESTS} hostile requests breaks the server, or gets in`,
  async () => {
    const folder = temporaryFolder();
    const server = await startServer({ folder });
    const draw = createDraw(createSeededRandom(SEED));
    const problems: string[] = [];
    const statuses = new Map<number, number>();
    const kinds = new Set<string>();
    const accepted: HostileRequest[] = [];
    let drawn = 0;

    async function send(): Promise<void> {
      while (drawn < REQUESTS) {
        drawn += 1;
        const number = drawn;
        const request = drawHostileRequest(draw);
        const { kind, headers, body } = request;
        kinds.add(kind);
        const answer = await fetch(`${server.url}/metrics`, {
          method: 'POST',
          headers,
          body: new Uint8Array(body),
        }).then(
          async (response) => ({ status: response.status, text: await response.text() }),
          (cause: unknown) => ({ status: 0, text: String(cause) }),
        );
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        if (answer.status === 202) accepted.push(request);
        const fault = faultOf(kind, answer);
        if (fault !== null) problems.push(`request ${number}, ${kind}: ${fault}`);
      }
    }
    await Promise.all(Array.from({ length: SENDERS }, send));

    expect(problems.slice(0, 10)).toEqual([]);
    expect([...kinds].toSorted()).toEqual([...hostileKinds].toSorted());
    // All ways out were taken, so that none of them is right by chance.
    expect([...statuses.keys()].toSorted()).toEqual([202, 400, 413, 415]);
    console.log(`ingest fuzz, seed ${SEED}: ${JSON.stringify(Object.fromEntries(statuses))}`);

    expect((await server.post(runEvents(1))).status).toBe(202);
    await server.drained();
    expect((await server.health()).status).toBe('ok');
    await server.end('SIGTERM');
    expect(server.log()).not.toContain('"level":50');
    const allowed = new Set([...accepted.flatMap(piecesOf), ...runEvents(1).map(pieceOf)]);
    const stored = storedPieces(join(folder, STORE_FILE));
    expect(stored.length).toBeGreaterThan(accepted.length);
    expect(stored.filter((piece) => !allowed.has(piece))).toEqual([]);
  },
  LIMIT_MS,
);

/** What is wrong with an answer; null when it is one of those that docs and uploader know. */
function faultOf(kind: string, { status, text }: { status: number; text: string }): string | null {
  const right = certain[kind] === undefined ? [202, 400, 413, 415] : [certain[kind]];
  if (!right.includes(status)) return `answered ${status}: ${text.slice(0, 200)}`;
  if (text.length > MAX_ANSWER_BYTES) return `an answer of ${text.length} characters`;
  const answer = JSON.parse(text) as { accepted?: unknown; error?: unknown };
  const isWhole = status === 202 ? Number(answer.accepted) > 0 : typeof answer.error === 'string';
  return isWhole ? null : `${status} with ${text.slice(0, 200)}`;
}

/** The contents of the events in a batch that was taken; throws where it should not have been. */
function piecesOf({ kind, headers, body }: HostileRequest): string[] {
  const bytes = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
  const batch = parseBatch(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  if (!batch.ok) throw new Error(`A batch was taken that is not valid (${kind}).`);
  return batch.events.map(pieceOf);
}

function pieceOf({ data }: { readonly data: unknown }): string {
  return JSON.stringify(data);
}

/** The contents of all events that the store holds. */
function storedPieces(path: string): string[] {
  const database = new DatabaseSync(path, { readOnly: true });
  const rows = database
    .prepare(
      `SELECT started_json AS json FROM runs UNION ALL SELECT finished_json FROM runs
       UNION ALL SELECT interrupted_json FROM runs UNION ALL SELECT window_json FROM windows`,
    )
    .all() as { json: string | null }[];
  database.close();
  return rows.flatMap(({ json }) => (json === null ? [] : [json]));
}
