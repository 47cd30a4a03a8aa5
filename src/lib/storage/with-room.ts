// Finding room when storage is full: what is written for the sake of what was measured comes before raw samples.
import type { Retention } from './retention.ts';

/** What one step of a run takes at most, in bytes: a window, its event and the run's record. */
export const STEP_BYTES = 200_000;
/**
 * Chromium packs what it stores, noise to 0.43 of its size, but asks for room for the unpacked: so much more must
 * be thinned than is to be written.
 */
const UNPACKED_PER_PACKED = 3;

/** Frees room for a write of so many bytes, as far as it can; returns about how many bytes it freed. */
export type MakeRoom = (bytes: number) => Promise<number>;

/** Makes room by thinning raw samples. */
export function createMakeRoom({ thinSamples }: Pick<Retention, 'thinSamples'>): MakeRoom {
  return (bytes) => thinSamples(bytes * UNPACKED_PER_PACKED);
}

/**
 * Writes about so many bytes; where storage is full, once more after room was made. Rejects when there is none
 * even then, and with any other failure at once. What `write` did before it rejected must not count.
 */
export async function withRoom<R>(
  write: () => Promise<R>,
  bytes: number,
  makeRoom: MakeRoom,
): Promise<R> {
  try {
    return await write();
  } catch (cause) {
    if (!isOutOfRoom(cause)) throw cause;
    const freedBytes = await makeRoom(bytes).catch(() => 0);
    if (freedBytes === 0) throw cause;
    return write();
  }
}

/** Whether storage refused something because it is full. */
export function isOutOfRoom(cause: unknown): boolean {
  return cause instanceof Error && cause.name === 'QuotaExceededError';
}
