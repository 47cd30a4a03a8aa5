// The server as a process of its own: real services behind the real HTTP server, batches taken as by the real
// one, with the adapter's own reading of other requests, but without the built pages. A test can break its store, make its broker's clock run
// faster, and have it killed at a given statement. Options come as JSON in the first argument.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, StatementSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { getRequest, setResponse } from '@sveltejs/kit/node';
import { createEmbeddedBroker } from '../../server/broker/embedded-broker.server.ts';
import { readConfig } from '../../server/config.server.ts';
import { QUEUE_FILE, STORE_FILE } from '../../server/data-folder.server.ts';
import { startHttpServer } from '../../server/http-server.server.ts';
import { serveIngest } from '../../server/ingest/ingest-handler.server.ts';
import { checkHealth } from '../../server/observability/health.server.ts';
import { localParts } from '../../server/roles/local-parts.server.ts';
import { startServices } from '../../server/services.server.ts';
import { createSqliteStore } from '../../server/store/sqlite-store.server.ts';
import type { Store } from '../../server/store/store.server.ts';
import { openChangeStream } from '../../server/worker/change-stream.server.ts';
import { MAX_BATCH_BYTES } from '../../src/lib/events/parse-batch.ts';
import { REFUSED_IDS_FILE, STALL_FILE, type ServerOptions } from './server-options.ts';
import { logWrites } from './write-log.ts';

/** How often a stalled store looks whether it may go on. */
const STALL_CHECK_MS = 10;
/** Of the broker's clock, which may run fast: its waits pass within a poll. */
const FAST_POLL_MS = 5;

const options = JSON.parse(process.argv[2] ?? '') as ServerOptions;
if (options.killAtStatement !== undefined) killAtStatement(options.killAtStatement);

const startedAtMs = Date.now();
const clockRate = options.clockRate ?? 1;
const config = readConfig({
  PORT: String(options.port ?? 0),
  KINEMARK_DATA: options.folder,
  LOG_LEVEL: options.logLevel ?? 'warn',
});
const services = await startServices(config, {
  open: async ({ dataFolder }, logger) =>
    localParts({
      store: logWrites(faulty(createSqliteStore(join(dataFolder, STORE_FILE))), dataFolder),
      broker: createEmbeddedBroker({
        path: join(dataFolder, QUEUE_FILE),
        logger,
        now: () => Math.round(startedAtMs + (Date.now() - startedAtMs) * clockRate),
        ...(options.leaseMs !== undefined && { leaseMs: options.leaseMs }),
        ...(clockRate !== 1 && { pollMs: FAST_POLL_MS }),
      }),
    }),
});

const server = await startHttpServer({
  config,
  logger: services.logger,
  handler: serveIngest(services.ingest!, async (request, response) => {
    const base = `http://${request.headers.host ?? 'localhost'}`;
    const bodySizeLimit = MAX_BATCH_BYTES; // As built-app.server.ts tells the adapter.
    const asked = await getRequest({ request, base, bodySizeLimit });
    await setResponse(response, await answer(asked));
  }),
});
process.on('SIGTERM', () => {
  services.beginClose();
  void server
    .close()
    .then(() => services.close())
    .then(() => process.exit(0));
});
console.log(server.url);

async function answer(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const [, runId] = /^\/runs\/([0-9a-f-]{36})$/.exec(pathname) ?? [];
  if (pathname === '/runs/events') return openChangeStream(services);
  if (pathname === '/healthz') return Response.json(await checkHealth(services));
  if (pathname === '/memory') return Response.json(memoryAfterCollection());
  if (runId !== undefined) return Response.json(await services.store!.getRun(runId));
  return new Response(null, { status: 404 });
}

function memoryAfterCollection(): NodeJS.MemoryUsage {
  // The first collection runs finalizers, whose garbage the second one finds.
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage();
}

/** A store that stands still while a file is there, and fails for the events whose ids another names. */
function faulty(store: Store): Store {
  const isStalled = () => existsSync(join(options.folder, STALL_FILE));
  return {
    ...store,
    async write(events) {
      while (isStalled()) await sleep(STALL_CHECK_MS);
      const refused = readRefusedIds();
      const poison = events.find(({ id }) => refused.includes(id));
      if (poison) throw new Error(`the store refuses ${poison.id}`);
      return store.write(events);
    },
  };
}

function readRefusedIds(): readonly string[] {
  const path = join(options.folder, REFUSED_IDS_FILE);
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
}

/** Ends this process as `kill -9` does, just before it executes its `count`-th SQL statement. */
function killAtStatement(count: number): void {
  let executed = 0;
  const countCalls = (prototype: object, name: string) => {
    const method = Reflect.get(prototype, name) as (...parameters: unknown[]) => unknown;
    Reflect.set(prototype, name, function (this: unknown, ...parameters: unknown[]) {
      executed += 1;
      if (executed === count) process.kill(process.pid, 'SIGKILL');
      return method.apply(this, parameters);
    });
  };
  countCalls(DatabaseSync.prototype, 'exec');
  countCalls(StatementSync.prototype, 'run');
}
