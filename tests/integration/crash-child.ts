// A process to be killed: publishes windows of one run for ever while a worker stores them, and
// writes each index to stdout once its publish has resolved.
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { pino } from 'pino';
import { createEmbeddedBroker } from '../../server/broker/embedded-broker.server.ts';
import { createSqliteStore } from '../../server/store/sqlite-store.server.ts';
import { startWorker } from '../../server/worker/worker.server.ts';
import { windowEvent } from '../fixtures/events.ts';

const STDOUT = 1;

const [folder = '', firstIndex = '0'] = process.argv.slice(2);
const logger = pino({ level: 'silent' });
const broker = createEmbeddedBroker({ path: join(folder, 'broker.sqlite'), logger });
const store = createSqliteStore(join(folder, 'store.sqlite'));
startWorker({ consumer: broker, writer: store, emit: () => undefined, logger });

for (let index = Number(firstIndex); ; index++) {
  await broker.publish([windowEvent(index)]);
  writeSync(STDOUT, `${index}\n`); // Synchronous: nothing acknowledged is lost in a buffer.
  await nextTurn(); // Lets the worker in.
}
