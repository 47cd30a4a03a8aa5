// What the page holds, for tests that look for growth.

/**
 * Chromium lets a thread that waits live for two seconds after its worker was terminated. Until it is
 * gone its memory still counts, and a measurement waits a minute for its answer.
 */
const THREADS_END_MS = 3000;

/** Bytes of the page and its workers, with the memory that WebAssembly's threads share. */
export async function memoryBytes(): Promise<number> {
  const { measureUserAgentSpecificMemory } = performance as Performance & {
    measureUserAgentSpecificMemory?: () => Promise<{ bytes: number }>;
  };
  if (!measureUserAgentSpecificMemory) throw new Error('The page is not cross-origin isolated.');
  await new Promise((resolve) => setTimeout(resolve, THREADS_END_MS));
  return (await measureUserAgentSpecificMemory.call(performance)).bytes;
}
