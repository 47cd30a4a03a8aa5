// The server of a fault schedule: the real services behind the real HTTP server, in a process that can be
// killed. What it lacks of `npm start` is the application's pages, and the time that it takes to load them.
import { existsSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { getRequest, setResponse } from '@sveltejs/kit/node';
import type { Broker } from '../../server/broker/broker.server.ts';
import { createEmbeddedBroker } from '../../server/broker/embedded-broker.server.ts';
import { readConfig } from '../../server/config.server.ts';
import { QUEUE_FILE, STORE_FILE } from '../../server/data-folder.server.ts';
import { startHttpServer } from '../../server/http-server.server.ts';
import { createLogger } from '../../server/observability/logger.server.ts';
import { localParts } from '../../server/roles/local-parts.server.ts';
import { startServices } from '../../server/services.server.ts';
import { createSqliteStore } from '../../server/store/sqlite-store.server.ts';
import type { Store } from '../../server/store/store.server.ts';
import { createSeededRandom } from '../../src/lib/metrics/seeded-random.ts';
import { createDraw } from './draw.ts';
import type { FromServer, ServedFolder, ToServer } from './server-messages.ts';
import { installShiftedDate, shiftDate } from './shifted-date.ts';

/** The leases of a killed server end while a schedule waits; a write takes a hundredth of it. */
const LEASE_MS = 250;
const POLL_MS = 20;
/** As long as kills wait after an answer (make-request-faults.ts). */
const LONGEST_WAIT_MS = 8;

/** What serves a folder. */
type Service = { readonly broker: Broker; close(): Promise<void> };

installShiftedDate();

let service: Service | null = null;
/** Null for all. */
let writesToFail: number | null = 0;
let draw = createDraw(createSeededRandom(0));

function tell(message: FromServer): void {
  process.send?.(message);
}

async function open({ folder, maxQueueDepthEvents }: ServedFolder): Promise<void> {
  const LOG_LEVEL = process.env['LOG_LEVEL'] ?? 'silent';
  const config = readConfig({ PORT: '0', HOST: '127.0.0.1', KINEMARK_DATA: folder, LOG_LEVEL });
  if (!existsSync(folder)) throw new Error('The harness makes the folder.');
  const broker = createEmbeddedBroker({
    path: join(folder, QUEUE_FILE),
    logger: createLogger(LOG_LEVEL),
    leaseMs: LEASE_MS,
    pollMs: POLL_MS,
  });
  const store = watched(createSqliteStore(join(folder, STORE_FILE)));
  const services = await startServices(config, {
    open: async () => localParts({ broker, store }),
    ...(maxQueueDepthEvents !== null && { maxQueueDepthEvents }),
  });
  const { logger, ingest } = services;
  const server = await startHttpServer({
    config,
    logger,
    async handler(request, response) {
      const base = `http://${request.headers.host ?? config.host}`;
      await setResponse(response, await ingest!.handle(await getRequest({ request, base })));
    },
  });
  service = {
    broker,
    async close() {
      services.beginClose();
      await server.close();
      await services.close();
    },
  };
  const { port } = new URL(server.url);
  tell({ kind: 'listening', origin: `http://${config.host}:${port}` });
}

/**
 * The store, which tells what it has written, and fails when it is told to. It takes its time before and after,
 * so that kills fall between 202, lease, store and acknowledgement; a store alone is done before any kill comes.
 */
function watched(store: Store): Store {
  return {
    ...store,
    async write(events) {
      await wait(draw.between(0, LONGEST_WAIT_MS));
      if (writesToFail !== 0) {
        if (writesToFail !== null) writesToFail -= 1;
        tell({ kind: 'failed' });
        throw new Error('the schedule breaks the store');
      }
      const written = await store.write(events);
      tell({ kind: 'written', newEvents: written.newEvents });
      await wait(draw.between(0, LONGEST_WAIT_MS));
      return written;
    },
  };
}

async function obey(message: ToServer): Promise<void> {
  switch (message.kind) {
    case 'open':
      writesToFail = message.writesToFail;
      draw = createDraw(createSeededRandom(message.seed));
      shiftDate(message.clockOffsetMs);
      await open(message);
      break;
    case 'close':
      await service?.close();
      service = null;
      tell({ kind: 'closed' });
      break;
    case 'set-clock':
      shiftDate(message.offsetMs);
      break;
    case 'break-store':
      writesToFail = message.writes;
      break;
    case 'ask-depth': {
      const { broker } = service!;
      const [waiting, dead] = await Promise.all([broker.depth(), broker.deadLetters().count()]);
      tell({ kind: 'depth', waiting, dead });
      break;
    }
    case 'replay-dead-letters':
      await service!.broker.deadLetters().replay('all');
      break;
  }
}

// An error ends the process, and the schedule with it.
process.on('message', (message) => void obey(message as ToServer));
process.on('disconnect', () => process.exit(0));
flushCompileCache(); // Node would do it at an end that a killed process never comes to.
tell({ kind: 'loaded' });
