// Keeps contents, and says in a sentence why it could not.
import { WeightsError } from './weights-error.ts';

const BYTES_PER_MB = 1e6;

/**
 * Awaits `keep`, which stores contents of a size; `title` is how messages call them. Throws a WeightsError when
 * storage is full or fails.
 */
export async function keepOrExplain(
  keep: () => Promise<void>,
  bytes: number,
  title: string,
): Promise<void> {
  try {
    await keep();
  } catch (cause) {
    if (!(cause instanceof DOMException) || cause.name !== 'QuotaExceededError') {
      const reason = cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause);
      throw new WeightsError(
        `${title} could not be kept because the browser's storage failed (${reason}). Reload the page and try again.`,
      );
    }
    // How much is left is not said: browsers tell something else, lest it identifies a device.
    const neededMb = (bytes / BYTES_PER_MB).toFixed(1);
    throw new WeightsError(
      `${title} could not be kept because the browser's storage is full: it needs ${neededMb} MB. Forget models that you do not need, or free space on this device, and try again.`,
    );
  }
}
