// What a file must be: as the catalogue says, or else as it was when this device first downloaded it.
import type { ModelFile } from '../models/model-spec.ts';
import type { Pin, WeightsCache } from './weights-cache.ts';

/** The size and digest that a file must have; null when nobody knows yet. */
export async function promiseOf(
  { url, bytes, sha256 }: ModelFile,
  cache: WeightsCache,
): Promise<Pin | null> {
  return bytes !== null && sha256 !== null ? { bytes, sha256 } : cache.readPin(url);
}
