// The bodies of a load, made before the clock starts: batches of windows, none of which was ever sent before.
import type { WindowSummary } from '../../src/lib/benchmark/window-accumulator.ts';
import { createRunEvents } from '../../src/lib/events/run-events.ts';
import { sketchOf } from '../../src/lib/metrics/latency-sketch.ts';

const DEVICE_ID = '0197a000-0000-7000-8000-00000000d001';
const SENT_AT = new Date('2026-11-05T10:00:00.000Z');
const WINDOW_MS = 3000;
/** Few frames, so that an event has some 820 bytes. */
const LATENCIES_MS = [20.5, 30.5];
const SKETCH = sketchOf(LATENCIES_MS);

/** Which requests are sent: how many, by how many devices at once, with how many events in each. */
export type LoadShape = {
  readonly name: string;
  /** Each has one request on its way at a time. */
  readonly connections: number;
  /** Of all connections; a multiple of their number. */
  readonly requests: number;
  readonly eventsPerRequest: number;
};

/** A run, of which windows 0 to `windows - 1` are sent. */
export type SentRun = { readonly runId: string; readonly windows: number };

/** What one connection sends: consecutive windows of one run, as a device does. */
export type ConnectionLoad = SentRun & {
  /** JSON, one for each request. */
  readonly bodies: readonly Buffer[];
};

/** Everything that is sent in one burst; all runs are new. */
export function makeBodies(shape: LoadShape): readonly ConnectionLoad[] {
  const { connections, requests, eventsPerRequest } = shape;
  return Array.from({ length: connections }, () => {
    const runId = crypto.randomUUID();
    const events = createRunEvents(runId, DEVICE_ID, () => SENT_AT);
    const count = requests / connections;
    const bodies = Array.from({ length: count }, (_, body) => {
      const first = body * eventsPerRequest;
      const windows = Array.from({ length: eventsPerRequest }, (_, i) => makeWindow(first + i));
      return Buffer.from(JSON.stringify(windows.map((window) => events.window(window))));
    });
    return { runId, windows: count * eventsPerRequest, bodies };
  });
}

/** The window with this index of any of the runs: what the store must hold of it in the end. */
export function makeWindow(index: number): WindowSummary {
  return {
    index,
    startMs: index * WINDOW_MS,
    wallDurationMs: WINDOW_MS,
    mediaDurationMs: 133.3,
    widthPx: 480,
    heightPx: 640,
    frames: { decoded: 2, processed: 2, dropped: 0, detected: 2 },
    latencyMs: { endToEnd: LATENCIES_MS },
    sketches: {
      endToEnd: SKETCH,
      engine: null,
      decode: null,
      queue: null,
      transfer: null,
      preprocess: null,
      inference: null,
      postprocess: null,
    },
    confidence: { p10: 0.8, p50: 0.9, p90: null },
    meanVisibility: 0.93,
    queueDepth: 0,
  };
}
