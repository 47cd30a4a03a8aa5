// Fetches a model's weights and refuses them unless they are what the catalogue promises.
import { bytesToHex } from '@noble/hashes/utils.js';
import { EngineError } from './pose-engine.ts';
import type { ModelFile } from '../models/model-spec.ts';

/**
 * The bytes of a model file, verified against its size and SHA-256.
 * Throws an EngineError when the file is missing, cannot be reached or is not the catalogued one.
 */
export async function fetchModelBytes(
  modelId: string,
  file: ModelFile,
): Promise<Uint8Array<ArrayBuffer>> {
  let response: Response;
  try {
    response = await fetch(file.url);
  } catch {
    throw new EngineError(
      `The model ${modelId} could not be fetched because the server did not answer. Check the connection and run again.`,
    );
  }
  if (!response.ok) {
    throw new EngineError(
      `The model ${modelId} is not on this server (HTTP ${response.status} for ${file.url}). Run "npm run models" there and start it again.`,
    );
  }
  const bytes = new Uint8Array(await response.arrayBuffer());
  const digest = bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
  if (bytes.byteLength !== file.bytes || digest !== file.sha256) {
    throw new EngineError(
      `The model ${modelId} was refused because its file differs from the catalogued one (SHA-256 ${digest.slice(0, 12)}… instead of ${file.sha256.slice(0, 12)}…). Run "npm run models" and start again.`,
    );
  }
  return bytes;
}
