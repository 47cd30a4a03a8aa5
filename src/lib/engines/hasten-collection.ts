// Makes the garbage collector of this thread run soon. For measuring memory, never within a run.

/**
 * What is allocated at a time, in bytes. Whatever is alive when the collector runs is counted as held, so
 * it must be small; Chromium 156 counts nothing of 1 MiB, but 32 MB of 16 MiB.
 */
const PIECE_BYTES = 2 ** 20;

/** Twice what V8 lets buffers outside its heap grow by before it collects (64 MiB). */
const PIECES = 128;

/**
 * Allocates and drops 128 MiB of buffers, piece by piece; they are never written to. Takes a few ms.
 *
 * `measureUserAgentSpecificMemory` answers after the next full garbage collection of every thread. Chromium
 * forces that only after 10 to 20 s; with this it came within 0.1 s.
 */
export function hastenCollection(): void {
  for (let piece = 0; piece < PIECES; piece += 1) new ArrayBuffer(PIECE_BYTES);
}
