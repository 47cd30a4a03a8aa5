// Bursts at Kinemark and at the bare server in turn, so that both meet the same of what else goes on in the
// machine. A burst fits into the queue: what is measured is acceptance, with the worker storing meanwhile.
import { join } from 'node:path';
import { MAX_QUEUE_DEPTH_EVENTS } from '../../server/config.server.ts';
import { STORE_FILE } from '../../server/data-folder.server.ts';
import { checkStored } from './check-stored.ts';
import { makeBodies, type ConnectionLoad, type LoadShape, type SentRun } from './make-bodies.ts';
import type { Pinning } from './pinning.ts';
import { sendLoad, type Burst } from './send-load.ts';
import { startServerUnderLoad, type ServerUnderLoad } from './server-under-load.ts';

/** Leaves room in the queue, should the worker get to nothing at all. */
const BURST_EVENTS = 0.96 * MAX_QUEUE_DEPTH_EVENTS;
/** The bare server gets its bodies several times: a burst would be over too soon to be timed. */
const BARE_TIMES = 4;
/** Bursts before the clock counts, in which V8 compiles. */
const WARM_UP_ROUNDS = 2;

/** Fewer connections than ingest receives batches at once: nothing is put off. */
export const SHAPES: readonly LoadShape[] = [
  { name: 'batches of 100', connections: 8, requests: BURST_EVENTS / 100, eventsPerRequest: 100 },
  { name: 'single events', connections: 48, requests: BURST_EVENTS, eventsPerRequest: 1 },
];

/** A burst, and what it took of the server's core. */
export type MeasuredBurst = Burst & {
  readonly events: number;
  /** Processor time over time; null where the system does not tell. */
  readonly coreUsed: number | null;
  /** From the first request until the worker had stored the last event; null of the bare server. */
  readonly storedAfterMs: number | null;
};

/** All bursts of a shape, one of each server per round. */
export type ShapeResult = {
  readonly shape: LoadShape;
  readonly kinemark: readonly MeasuredBurst[];
  readonly bare: readonly MeasuredBurst[];
};

/** What is measured, and where. */
export type MeasureOptions = {
  readonly rounds: number;
  /** An empty folder for queue and store. */
  readonly folder: string;
  readonly pinning: Pinning | null;
  readonly onRound: (round: number) => void;
};

/** Rejects with a BenchError when a request is refused, or the store does not hold exactly what was accepted. */
export async function measureIngest({
  rounds,
  folder,
  pinning,
  onRound,
}: MeasureOptions): Promise<readonly ShapeResult[]> {
  const environment = { PORT: '0', HOST: '127.0.0.1', KINEMARK_DATA: folder, LOG_LEVEL: 'warn' };
  const accepted: SentRun[] = [];
  const results = SHAPES.map((shape) => ({
    shape,
    kinemark: [] as MeasuredBurst[],
    bare: [] as MeasuredBurst[],
  }));
  const kinemark = await startServerUnderLoad('server/main.server.ts', environment, pinning);
  try {
    const bare = await startServerUnderLoad('bench/ingest/bare-server.ts', {}, pinning);
    try {
      for (let round = -WARM_UP_ROUNDS; round < rounds; round++) {
        for (const result of results) {
          const loads = makeBodies(result.shape);
          accepted.push(...loads.map(({ runId, windows }) => ({ runId, windows })));
          const ours = await measureKinemark(kinemark, loads);
          const theirs = await measure(bare, loads, BARE_TIMES);
          if (round < 0) continue;
          result.kinemark.push(ours);
          result.bare.push(theirs);
        }
        if (round >= 0) onRound(round);
      }
    } finally {
      await bare.end();
    }
  } finally {
    await kinemark.end();
  }
  await checkStored(join(folder, STORE_FILE), accepted);
  return results;
}

async function measureKinemark(
  server: ServerUnderLoad,
  loads: readonly ConnectionLoad[],
): Promise<MeasuredBurst> {
  const startedAtMs = performance.now();
  const burst = await measure(server, loads, 1);
  await server.drained();
  return { ...burst, storedAfterMs: performance.now() - startedAtMs };
}

async function measure(
  server: ServerUnderLoad,
  loads: readonly ConnectionLoad[],
  times: number,
): Promise<MeasuredBurst> {
  const cpuBeforeMs = server.cpuMs();
  const burst = await sendLoad(server.url, loads, times);
  const cpuAfterMs = server.cpuMs();
  return {
    ...burst,
    events: times * loads.reduce((sum, { windows }) => sum + windows, 0),
    coreUsed:
      cpuBeforeMs === null || cpuAfterMs === null
        ? null
        : (cpuAfterMs - cpuBeforeMs) / burst.durationMs,
    storedAfterMs: null,
  };
}
