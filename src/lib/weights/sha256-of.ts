// The digest that names and verifies weights.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/** SHA-256 in lower-case hex. */
export async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  // Missing where the page was not served securely.
  const native = (crypto as { readonly subtle?: SubtleCrypto }).subtle;
  return bytesToHex(native ? new Uint8Array(await native.digest('SHA-256', bytes)) : sha256(bytes));
}
