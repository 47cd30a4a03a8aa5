// How much memory the page and its workers hold, as Chromium tells isolated pages. One sample;
// memory-probe.ts makes a run's figures of two.
import { withinMs } from '../../benchmark/within-ms.ts';
import { lastEngineEndMs } from '../../engines/engine-client.ts';
import { hastenCollection } from '../../engines/hasten-collection.ts';
import type { EngineMemory } from '../../engines/pose-engine.ts';

type MeasuringPerformance = Performance & {
  measureUserAgentSpecificMemory?: () => Promise<{ readonly bytes: number }>;
};

/** How often garbage collectors are given work while an answer is awaited, in ms. */
const HASTEN_INTERVAL_MS = 25;

/**
 * How long an answer is waited for, in ms. With the collectors hastened it takes 0.1 s in Chromium 156; where
 * it takes longer, a thread does not answer, and Chromium waits 60 s for that.
 */
const ANSWER_LIMIT_MS = 2000;

/**
 * How long after its end a worker may live on: Chromium gives it two seconds. In ms. It answers nothing any
 * more, and holds what it held.
 */
const WORKER_END_MS = 3000;

/** Memory that is made to see whether the browser counts it, in pages of 64 KiB. Never written to. */
const TRIAL_PAGES = 256;

/** A measurement that nobody waits for any more. Another one would wait as long. */
let isPending = false;

/** Whether the browser counts WebAssembly memory that is not shared; null until it was tried. */
let countsUnshared: boolean | null = null;

/** Whether this browser tells this page its memory: Chromium does, where the page is isolated. */
export function canMeasureMemory(): boolean {
  return 'measureUserAgentSpecificMemory' in performance;
}

/**
 * Bytes that the page and its workers hold: JavaScript, WebAssembly, what threads share. Null where the
 * browser does not tell, or not within two seconds. All engines must be given, since each has a collector
 * of its own. Waits until engines that ended are gone, three seconds at most. Takes work of all threads, so
 * never within a run.
 */
export async function measurePageMemory(engines: readonly EngineMemory[]): Promise<number | null> {
  await pause(lastEngineEndMs() + WORKER_END_MS - performance.now());
  countsUnshared ??= await tryUnshared(engines);
  const bytes = await askBrowser(engines);
  if (bytes === null || countsUnshared !== false) return bytes;
  const heaps = await withinMs(
    ANSWER_LIMIT_MS,
    Promise.all(engines.map((engine) => engine.wasmHeaps())),
  );
  if (!heaps) return null;
  return heaps.reduce((total, heap) => total + (heap?.unsharedBytes ?? 0), bytes);
}

/** Chromium 156 counts shared WebAssembly memory and no other; one that counts both must be believed. */
async function tryUnshared(engines: readonly EngineMemory[]): Promise<boolean | null> {
  const without = await askBrowser(engines);
  const trial = new WebAssembly.Memory({ initial: TRIAL_PAGES });
  const withTrial = await askBrowser(engines);
  if (without === null || withTrial === null) return null;
  // Read here, so that it is there until here.
  return withTrial - without > trial.buffer.byteLength / 2;
}

/** The browser's own figure, or null where it tells none in time. */
async function askBrowser(engines: readonly EngineMemory[]): Promise<number | null> {
  const { measureUserAgentSpecificMemory } = performance as MeasuringPerformance;
  if (!measureUserAgentSpecificMemory || isPending) return null;
  isPending = true;
  const measured = measureUserAgentSpecificMemory.call(performance).finally(() => {
    isPending = false;
  });
  let isAwaited = true;
  const answer = withinMs(ANSWER_LIMIT_MS, measured).finally(() => {
    isAwaited = false;
  });
  // What is collected before the request has reached a thread answers nothing.
  await pause(HASTEN_INTERVAL_MS);
  while (isAwaited) {
    hastenCollection();
    const hastened = Promise.allSettled(engines.map((engine) => engine.hastenCollection()));
    await Promise.race([hastened, answer]);
    await pause(HASTEN_INTERVAL_MS);
  }
  return (await answer)?.bytes ?? null;
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
