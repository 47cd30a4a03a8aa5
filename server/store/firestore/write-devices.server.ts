// Notes when devices were seen. Apart from the transactions of runs: a device may send many runs at once, which
// would hold one another up.
import type { Firestore } from '@google-cloud/firestore';
import type { MetricEvent } from '../../../src/lib/events/metric-event.ts';
import { devicesOf } from './collections.server.ts';
import { deviceIdOf, seeDevice } from './device-document.server.ts';

/** Notes the devices of `events`; events that come again change nothing. Rejects when Firestore refuses. */
export async function writeDevices(
  firestore: Firestore,
  events: readonly MetricEvent[],
): Promise<void> {
  const byDevice = Map.groupBy(events, deviceIdOf);
  await Promise.all(
    [...byDevice].map(async ([deviceId, ofDevice]) => {
      const reference = devicesOf(firestore).doc(deviceId);
      // Mostly there is nothing to write, and that needs no transaction to know.
      const stored = (await reference.get()).data() ?? null;
      if (seeDevice(stored, ofDevice) === null) return;
      await firestore.runTransaction(async (transaction) => {
        const current = (await transaction.get(reference)).data() ?? null;
        const seen = seeDevice(current, ofDevice);
        if (seen !== null) transaction.set(reference, seen);
      });
    }),
  );
}
