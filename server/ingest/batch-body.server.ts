// Reads the body of an ingest request: bounded, unpacked, decoded to a JSON value. What the value
// means is for the event schema to say.
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { BATCH_MEDIA_TYPE, MAX_BATCH_BYTES } from '../../src/lib/events/parse-batch.ts';
import { Refusal } from './refusal.server.ts';

const gunzipAsync = promisify(gunzip);

/** A batch on its way in: as an application sees it, or as Node's own server has it, which costs less. */
export type BatchRequest = Request | IncomingMessage;

/** The value of a header, named in lower case; null where there is none. */
export function headerOf({ headers }: BatchRequest, name: string): string | null {
  if (headers instanceof Headers) return headers.get(name);
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : (value ?? null);
}

/**
 * Resolves to the JSON value in the body. Rejects with a Refusal: 415 for another media type or
 * coding, or what is not of the coding it claims, 413 beyond MAX_BATCH_BYTES packed or unpacked, 408 for a
 * body that breaks off, 400 for what is no JSON. Of these, 400 alone says that the events are at fault.
 */
export async function readBatchBody(request: BatchRequest): Promise<unknown> {
  checkMediaType(headerOf(request, 'content-type'));
  const coding = readCoding(headerOf(request, 'content-encoding'));
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

/** The bytes as they came. Rejects with a Refusal: 413 beyond MAX_BATCH_BYTES, 408 for a body that breaks off. */
export function readBytes(request: BatchRequest): Promise<Uint8Array<ArrayBuffer>> {
  return request instanceof Request ? readStream(request.body) : readMessage(request);
}

async function readStream(
  body: ReadableStream<Uint8Array> | null,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Not `for await`: leaving it early cancels the body, and that ends the connection before the
  // answer is on it.
  const reader = body?.getReader();
  for (;;) {
    const chunk = await reader?.read().catch(rethrowBodyError);
    if (chunk === undefined || chunk.done) return Buffer.concat(chunks);
    size += chunk.value.byteLength;
    if (size > MAX_BATCH_BYTES) throw tooLarge();
    chunks.push(chunk.value);
  }
}

/** What is left unread is for the server to throw away, once the answer is out. */
function readMessage(message: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const refuse = (refusal: Refusal) => {
      message.removeAllListeners('data').pause();
      reject(refusal);
    };
    if (Number(message.headers['content-length']) > MAX_BATCH_BYTES) {
      refuse(tooLarge());
      return;
    }
    message.on('data', (chunk: Buffer) => {
      size += chunk.byteLength;
      if (size > MAX_BATCH_BYTES) refuse(tooLarge());
      else chunks.push(chunk);
    });
    message.once('end', () => resolve(Buffer.concat(chunks)));
    message.once('error', () => refuse(brokenOff()));
    if (message.destroyed) refuse(brokenOff()); // Its events are over.
  });
}

/** adapter-node fails the body with status 413 at its own limit, which is set to ours. */
function rethrowBodyError(error: unknown): never {
  const isTooLarge = error instanceof Object && 'status' in error && error.status === 413;
  throw isTooLarge ? tooLarge() : brokenOff();
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

function brokenOff(): Refusal {
  return new Refusal(408, 'The batch did not arrive whole. Send it again.');
}
