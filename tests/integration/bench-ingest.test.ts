// bench:ingest: what it sends, how it reports, and when it refuses to give a figure.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { checkStored } from '../../bench/ingest/check-stored.ts';
import { readIngestOptions } from '../../bench/ingest/ingest-options.ts';
import { ingestTable } from '../../bench/ingest/ingest-table.ts';
import { makeBodies, type ConnectionLoad, type LoadShape } from '../../bench/ingest/make-bodies.ts';
import { sendLoad } from '../../bench/ingest/send-load.ts';
import { createSqliteStore } from '../../server/store/sqlite-store.server.ts';
import type { MetricEvent } from '../../src/lib/events/metric-event.ts';
import { parseBatch } from '../../src/lib/events/parse-batch.ts';
import { temporaryFolder } from '../fixtures/temporary-folder.ts';

const SHAPE: LoadShape = { name: 'small', connections: 2, requests: 6, eventsPerRequest: 4 };

async function serve(handler: (request: IncomingMessage, response: ServerResponse) => unknown) {
  const server = createServer((request, response) => void handler(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function eventsOf(loads: readonly ConnectionLoad[]): readonly MetricEvent[] {
  return loads.flatMap(({ bodies }) =>
    bodies.flatMap((body) => {
      const batch = parseBatch(JSON.parse(body.toString()));
      return batch.ok ? batch.events : [];
    }),
  );
}

test('bodies are valid batches of some 820 bytes an event, and no event is in two of them', () => {
  const loads = [...makeBodies(SHAPE), ...makeBodies(SHAPE)];
  const events = eventsOf(loads);
  expect(events).toHaveLength(2 * SHAPE.requests * SHAPE.eventsPerRequest);
  expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  const bytes = loads.flatMap(({ bodies }) => bodies).reduce((sum, body) => sum + body.length, 0);
  expect(Math.abs(bytes / events.length - 820)).toBeLessThan(20);
});

test('each body is sent as often as asked, and timed', async () => {
  const received: string[] = [];
  const url = await serve(async (request, response) => {
    received.push(await text(request));
    response.writeHead(202).end();
  });
  const loads = makeBodies(SHAPE);
  const burst = await sendLoad(url, loads, 2);
  const sent = loads.flatMap(({ bodies }) => bodies.map(String));
  expect(received.toSorted()).toEqual([...sent, ...sent].toSorted());
  expect(burst.requests).toBe(12);
  expect(burst.latenciesMs).toHaveLength(12);
  expect(burst.durationMs).toBeGreaterThan(0);
});

test('one answer that is not 2xx, or none at all, and there is no figure', async () => {
  let count = 0;
  const url = await serve((_request, response) => {
    count += 1;
    response.writeHead(count === 4 ? 503 : 202).end();
  });
  await expect(sendLoad(url, makeBodies(SHAPE))).rejects.toThrow(
    'Of 6 requests to ' + url + ' some were not taken (1 with 503)',
  );
  let connections = 0;
  const torn = await serve((request, response) => {
    connections += 1;
    if (connections === 4) request.socket.destroy();
    else response.writeHead(202).end();
  });
  await expect(sendLoad(torn, makeBodies(SHAPE))).rejects.toThrow('some were not taken');
});

test('a store that holds other than what was accepted gives no figure', async () => {
  const path = join(temporaryFolder(), 'store.sqlite');
  const store = createSqliteStore(path);
  const loads = makeBodies(SHAPE);
  await store.write(eventsOf(loads));
  await store.close();
  await checkStored(path, loads);
  const [first] = loads;
  const missing = { ...first!, windows: first!.windows + 1 };
  await expect(checkStored(path, [missing])).rejects.toThrow('Of the 13 windows accepted');
  const tooMany = { ...first!, windows: first!.windows - 1 };
  await expect(checkStored(path, [tooMany])).rejects.toThrow('the store holds 12');
});

test('the table gives medians, ranges and quantiles of all requests', () => {
  const burst = (durationMs: number, storedAfterMs: number | null) => ({
    requests: 10,
    events: 1000,
    durationMs,
    latenciesMs: Array.from({ length: 101 }, (_, ms) => ms),
    coreUsed: storedAfterMs === null ? null : 0.9,
    storedAfterMs,
  });
  const table = ingestTable([
    {
      shape: { ...SHAPE, name: 'batches' },
      kinemark: [burst(100, 1000), burst(50, 500), burst(20, 250)],
      bare: [burst(10, null), burst(10, null), burst(10, null)],
    },
  ]);
  expect(table).toBe(
    [
      'load     server     events/s (range)           requests/s  p50 ms  p99 ms  core used  accepted and stored/s',
      'batches  Kinemark   20,000 (10,000–50,000)     200         50.0    99.0    90.0 %     2,000 (1,000–4,000)',
      'batches  bare Node  100,000 (100,000–100,000)  1,000       50.0    99.0    –          –',
      '',
      'batches: Kinemark takes 20.0 % of what the bare server takes',
    ].join('\n'),
  );
});

test('arguments that cannot be used are named', () => {
  expect(readIngestOptions([])).toEqual({ rounds: 9, folder: null });
  expect(readIngestOptions(['--rounds', '2', '--folder', '/x'])).toEqual({
    rounds: 2,
    folder: '/x',
  });
  expect(readIngestOptions(['--help'])).toBeNull();
  expect(() => readIngestOptions(['--rounds', '0'])).toThrow('--rounds is "0"');
  expect(() => readIngestOptions(['--round', '2'])).toThrow('bench:ingest -- --help');
});
