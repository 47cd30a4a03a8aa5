// The embedded broker of a data folder, for as long as a test takes.
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Broker } from '../../server/broker/broker.server.ts';
import { createEmbeddedBroker } from '../../server/broker/embedded-broker.server.ts';
import { silentLogger } from './silent-logger.ts';

/** The queue of `folder`, closed when the test ends. */
export function openBroker(folder: string): Broker {
  const path = join(folder, 'broker.sqlite');
  const broker = createEmbeddedBroker({ path, logger: silentLogger });
  onTestFinished(() => broker.close());
  return broker;
}
