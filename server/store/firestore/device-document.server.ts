// What Firestore keeps of a device: when its events were made. Pure.
import type { MetricEvent } from '../../../src/lib/events/metric-event.ts';

/** `devices/{deviceId}`. Both times are ISO 8601 in UTC. */
export type DeviceDocument = {
  readonly firstSeenAt: string;
  /** May be a minute behind. */
  readonly lastSeenAt: string;
};

const DEVICE_SOURCE_PREFIX = '/devices/';
/** A document bears about one write a second, and a device may send many runs at once: its own is written rarely. */
const LAST_SEEN_STEP_MS = 60_000;

/** The id of the device that made `event`. */
export function deviceIdOf(event: MetricEvent): string {
  return event.source.slice(DEVICE_SOURCE_PREFIX.length);
}

/** Devices may send any zone. */
export function toUtc(isoTime: string): string {
  return new Date(isoTime).toISOString();
}

/** The document after `events` of the device, at least one; null when it may stay as it is. */
export function seeDevice(
  stored: DeviceDocument | null,
  events: readonly MetricEvent[],
): DeviceDocument | null {
  const times = events.map(({ time }) => Date.parse(time));
  const first = Math.min(...times);
  const last = Math.max(...times);
  if (stored === null) return { firstSeenAt: isoOf(first), lastSeenAt: isoOf(last) };
  const storedFirst = Date.parse(stored.firstSeenAt);
  const storedLast = Date.parse(stored.lastSeenAt);
  if (first >= storedFirst && last - storedLast <= LAST_SEEN_STEP_MS) return null;
  return {
    ...stored,
    firstSeenAt: isoOf(Math.min(first, storedFirst)),
    lastSeenAt: isoOf(Math.max(last, storedLast)),
  };
}

function isoOf(unixMs: number): string {
  return new Date(unixMs).toISOString();
}
