// The order of the tests: those that measure memory come first, in a page in which nothing was yet.
import { BaseSequencer } from 'vitest/node';
import type { TestSpecification } from 'vitest/node';

/**
 * In the order in which they run. A thread that some other test left asleep would hold up each of their
 * measurements for a minute; the last of these leaves such threads itself.
 */
const MEMORY_TESTS = ['engine-memory.test.ts', 'page-resources.test.ts', 'wasm-heap.test.ts'];

/** Vitest's own order but for these. */
export class MemoryFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rankOf = ({ moduleId }: TestSpecification): number => {
      const rank = MEMORY_TESTS.findIndex((name) => moduleId.endsWith(`/browser/${name}`));
      return rank === -1 ? MEMORY_TESTS.length : rank;
    };
    return sorted.toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}
