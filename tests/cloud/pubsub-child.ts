// A worker of one queue in a process of its own, to be killed, or to see that nothing keeps it from ending. The
// mode is its first argument, the configuration as JSON the second.
import { writeSync } from 'node:fs';
import { pino } from 'pino';
import { createPubSubConsumer } from '../../server/broker/pubsub/consumer.server.ts';
import { createPubSubPublisher } from '../../server/broker/pubsub/publisher.server.ts';
import type { GoogleConfig } from '../../server/google-config.server.ts';
import { startedEvent } from '../fixtures/events.ts';

const STDOUT = 1;

const [mode, json = ''] = process.argv.slice(2);
const google = JSON.parse(json) as GoogleConfig;
const consumer = createPubSubConsumer({
  google,
  deadLetterWriter: { put: async () => undefined },
  logger: pino({ level: 'silent' }),
});

if (mode === 'hangs') {
  consumer.consume(async (events) => {
    for (const { id } of events) writeSync(STDOUT, `${id}\n`);
    await new Promise(() => undefined);
  });
} else {
  const publisher = createPubSubPublisher({ google });
  await publisher.publish([startedEvent()]);
  await new Promise<void>((resolve) => {
    consumer.consume(async () => resolve());
  });
  await consumer.close();
  await publisher.close();
  writeSync(STDOUT, 'closed\n');
}
