// Reads the body of an ingest request: bounded, unpacked, decoded to a JSON value. What the value
// means is for the event schema to say.
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { BATCH_MEDIA_TYPE, MAX_BATCH_BYTES } from '../../src/lib/events/parse-batch.ts';
import { Refusal } from './refusal.server.ts';

const gunzipAsync = promisify(gunzip);

/**
 * Resolves to the JSON value in the body. Rejects with a Refusal: 415 for another media type or
 * coding, or what is not of the coding it claims, 413 beyond MAX_BATCH_BYTES packed or unpacked, 408 for a
 * body that breaks off, 400 for what is no JSON. Of these, 400 alone says that the events are at fault.
 */
export async function readBatchBody(request: Request): Promise<unknown> {
  checkMediaType(request.headers.get('content-type'));
  const coding = readCoding(request.headers.get('content-encoding'));
  const received = await readBytes(request);
  return parseJson(coding === 'gzip' ? await unpack(received) : received);
}

function checkMediaType(contentType: string | null): void {
  const mediaType = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType !== BATCH_MEDIA_TYPE) {
    throw new Refusal(415, `Send a batch of events as ${BATCH_MEDIA_TYPE}.`);
  }
}

function readCoding(contentEncoding: string | null): 'gzip' | 'identity' {
  const coding = contentEncoding?.trim().toLowerCase() ?? 'identity';
  if (coding === 'gzip' || coding === 'identity') return coding;
  throw new Refusal(415, 'Send the batch as it is or with content-encoding gzip.', {
    headers: { 'accept-encoding': 'gzip' },
  });
}

async function readBytes(request: Request): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Not `for await`: leaving it early cancels the body, and that ends the connection before the
  // answer is on it.
  const body: ReadableStream<Uint8Array> | null = request.body;
  const reader = body?.getReader();
  for (;;) {
    const chunk = await reader?.read().catch(rethrowBodyError);
    if (chunk === undefined || chunk.done) return Buffer.concat(chunks);
    size += chunk.value.byteLength;
    if (size > MAX_BATCH_BYTES) throw tooLarge();
    chunks.push(chunk.value);
  }
}

/** adapter-node fails the body with status 413 at its own limit, which is set to ours. */
function rethrowBodyError(error: unknown): never {
  const isTooLarge = error instanceof Object && 'status' in error && error.status === 413;
  throw isTooLarge
    ? tooLarge()
    : new Refusal(408, 'The batch did not arrive whole. Send it again.');
}

/** Unpacks in chunks and stops at the limit, so that a bomb is never held in memory. */
async function unpack(packed: Uint8Array): Promise<Uint8Array> {
  try {
    return await gunzipAsync(packed, { maxOutputLength: MAX_BATCH_BYTES });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge();
    throw new Refusal(415, 'The batch says it is gzip, but cannot be unpacked.');
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Refusal(400, 'The batch is not JSON in UTF-8.');
  }
}

function tooLarge(): Refusal {
  return new Refusal(
    413,
    `A batch may have ${MAX_BATCH_BYTES} bytes, packed and unpacked. Send fewer events at a time.`,
  );
}
