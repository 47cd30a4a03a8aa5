// What a run adds to the memory of the page: one sample before the model is loaded, one after the last frame.
import type { ResourceReading } from '../../benchmark/resources.ts';
import { canMeasureMemory, measurePageMemory } from './page-memory.ts';
import type { ResourceProbe } from './resource-probe.ts';

const NOT_TOLD =
  'This browser does not tell how much memory a page holds; Chromium tells isolated pages.';
const THREADS_SLEEP =
  "The engine's threads sleep between frames, and Chromium does not tell a page's memory without their answer. Run with one thread, or npm run bench.";
const NOT_IN_TIME = 'The browser did not tell in time how much memory the page holds.';

/** Samples the page's memory, which takes some 0.1 s each time. */
export function createMemoryProbe(): ResourceProbe {
  let beforeBytes: number | null = null;
  return {
    async before() {
      beforeBytes = await measurePageMemory([]);
    },
    async read({ engines, threadsUsed }) {
      if (!canMeasureMemory()) return unknown(NOT_TOLD);
      // One that is asked stays unanswered for a minute, and holds up those of the next runs.
      if ((threadsUsed ?? 1) > 1) return unknown(THREADS_SLEEP);
      const afterBytes = await measurePageMemory(engines);
      if (afterBytes === null) return unknown(NOT_IN_TIME);
      return {
        memoryMethod: 'user-agent-specific-memory',
        peakMemoryBytes: Math.max(afterBytes, beforeBytes ?? 0),
        memoryDeltaBytes: beforeBytes === null ? null : afterBytes - beforeBytes,
        nullReasons: beforeBytes === null ? { memoryDeltaBytes: NOT_IN_TIME } : {},
      };
    },
  };
}

function unknown(reason: string): Partial<ResourceReading> {
  return { nullReasons: { peakMemoryBytes: reason, memoryDeltaBytes: reason } };
}
