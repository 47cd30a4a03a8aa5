// One download from our own origin that survives interruptions: what has arrived stays in memory, and the
// next attempt asks for the rest, also a later one on the same page. Keeps and verifies nothing.
import { RELAY_PATH } from '../models/remote-path.ts';
import { WeightsError } from './weights-error.ts';

/** How a download reports and fails. */
export type DownloadOptions = {
  readonly fetch: typeof fetch;
  readonly signal: AbortSignal | undefined;
  /** How the file is called in messages. */
  readonly title: string;
  /** `totalBytes` is null while the server has not told. */
  readonly onProgress: (receivedBytes: number, totalBytes: number | null) => void;
  /** How long to wait before each further attempt, in ms; as many attempts follow the first. */
  readonly retryPausesMs: readonly number[];
  /** Whether a part may be continued where the server cannot tell that the file is still the same. */
  readonly isDigestKnown: boolean;
};

/** What has arrived so far. */
type Part = {
  chunks: Uint8Array<ArrayBuffer>[];
  receivedBytes: number;
  totalBytes: number | null;
  /** A strong ETag: the server then continues only the same file. */
  etag: string | null;
  /** Of an encoded answer the bytes counted here are not those that a range counts. */
  isEncoded: boolean;
};

/** An attempt failed in a way that may be over at the next one. */
class Interruption extends WeightsError {}

const HTTP_PARTIAL_CONTENT = 206;
const HTTP_NOT_FOUND = 404;
const HTTP_REQUEST_TIMEOUT = 408;
const HTTP_RANGE_NOT_SATISFIABLE = 416;
const HTTP_TOO_MANY_REQUESTS = 429;
/** From here on it is the server that failed. */
const HTTP_INTERNAL_SERVER_ERROR = 500;
const CONTENT_RANGE = /^bytes (\d+)-\d+\/(\d+|\*)$/;

/** Parts of downloads that failed, by path. Whoever continues one takes it out. */
const partsLeft = new Map<string, Part>();

/**
 * The bytes behind a path of our own origin. Throws a WeightsError when the server refuses or the last
 * attempt fails, and the signal's reason when it is aborted; what arrived until then is kept.
 */
export async function download(
  path: string,
  options: DownloadOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { signal, retryPausesMs } = options;
  const part = partsLeft.get(path) ?? emptyPart();
  partsLeft.delete(path);
  try {
    for (let attempt = 0; ; attempt++) {
      try {
        await receive(path, part, options);
        return joined(part);
      } catch (cause) {
        signal?.throwIfAborted();
        const pauseMs = retryPausesMs[attempt];
        if (!(cause instanceof Interruption) || pauseMs === undefined) throw cause;
        await pause(pauseMs, signal);
      }
    }
  } catch (cause) {
    if (part.receivedBytes > 0) partsLeft.set(path, part);
    throw cause;
  }
}

/** One attempt: adds to the part until it is complete. */
async function receive(path: string, part: Part, options: DownloadOptions): Promise<void> {
  const { title, onProgress } = options;
  if (part.receivedBytes === part.totalBytes) return;
  if (part.isEncoded || (part.etag === null && !options.isDigestKnown)) clear(part);
  const response = await request(path, part, options);
  if (response.status !== HTTP_PARTIAL_CONTENT) clear(part);
  part.isEncoded = response.headers.has('content-encoding');
  part.etag = strongEtagOf(response);
  part.totalBytes = totalBytesOf(response);
  onProgress(part.receivedBytes, part.totalBytes);
  try {
    for await (const chunk of chunksOf(response)) {
      part.chunks.push(chunk);
      part.receivedBytes += chunk.byteLength;
      onProgress(part.receivedBytes, part.totalBytes);
    }
  } catch {
    throw new Interruption(`${title} did not arrive whole because the connection broke. ${AGAIN}`);
  }
  if (part.totalBytes !== null && part.receivedBytes !== part.totalBytes) {
    throw new Interruption(
      `${title} did not arrive whole: ${part.receivedBytes} of ${part.totalBytes} bytes came. ${AGAIN}`,
    );
  }
}

const AGAIN = 'Try again, and it goes on where it stopped.';

async function request(path: string, part: Part, options: DownloadOptions): Promise<Response> {
  const { fetch, signal, title } = options;
  let response: Response;
  try {
    response = await fetch(path, {
      headers: rangeHeaders(part),
      // The HTTP cache would keep a second copy, and may answer with a file from before an update.
      cache: 'no-store',
      ...(signal && { signal }),
    });
  } catch {
    throw new Interruption(
      `${title} could not be fetched because the server did not answer. Check the connection and try again.`,
    );
  }
  if (response.ok && (response.status !== HTTP_PARTIAL_CONTENT || continues(response, part))) {
    return response;
  }
  if (response.ok || response.status === HTTP_RANGE_NOT_SATISFIABLE) {
    await response.body?.cancel();
    clear(part);
    throw new Interruption(
      `${title} could not be continued where it stopped, because the server has a different one now. Try again.`,
    );
  }
  throw await failureOf(response, path, title);
}

/** What to throw for an answer that is no file. */
async function failureOf(response: Response, path: string, title: string): Promise<WeightsError> {
  const { status, headers } = response;
  const told = await relayedError(response);
  if (told !== null) {
    // Whoever says when to come back says that it may help.
    return headers.has('retry-after') ? new Interruption(told) : new WeightsError(told);
  }
  if (mayPass(status)) {
    return new Interruption(
      `${title} could not be fetched because the server failed (HTTP ${status}). Try again later.`,
    );
  }
  return new WeightsError(
    // What the relay asks for is never on this server.
    status === HTTP_NOT_FOUND && !path.startsWith(RELAY_PATH)
      ? `${title} is not on this server (HTTP ${status} for ${path}). Run "npm run models" there and start it again.`
      : `${title} could not be fetched because the server answered with HTTP ${status} for ${path}. Ask whoever runs it.`,
  );
}

function mayPass(status: number): boolean {
  return (
    status >= HTTP_INTERNAL_SERVER_ERROR ||
    status === HTTP_REQUEST_TIMEOUT ||
    status === HTTP_TOO_MANY_REQUESTS
  );
}

function rangeHeaders({ receivedBytes, etag }: Part): Record<string, string> {
  if (receivedBytes === 0) return {};
  return { range: `bytes=${receivedBytes}-`, ...(etag !== null && { 'if-range': etag }) };
}

function continues(response: Response, { receivedBytes }: Part): boolean {
  const [, start] = CONTENT_RANGE.exec(response.headers.get('content-range') ?? '') ?? [];
  return Number(start) === receivedBytes;
}

/** A weak one does not promise the same bytes. */
function strongEtagOf(response: Response): string | null {
  const etag = response.headers.get('etag');
  return etag?.startsWith('"') ? etag : null;
}

/** Null where it is not told, or told of the encoded bytes. */
function totalBytesOf({ headers, status }: Response): number | null {
  if (headers.has('content-encoding')) return null;
  const total =
    status === HTTP_PARTIAL_CONTENT
      ? CONTENT_RANGE.exec(headers.get('content-range') ?? '')?.[2]
      : headers.get('content-length');
  return total && /^\d+$/.test(total) ? Number(total) : null;
}

/** What the relay says of why it has nothing to give; null where another one answered. */
async function relayedError(response: Response): Promise<string | null> {
  try {
    const { error } = (await response.json()) as { error?: unknown };
    return typeof error === 'string' ? error : null;
  } catch {
    return null;
  }
}

async function* chunksOf({ body }: Response): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  // Not every browser iterates a stream itself.
  const reader = body?.getReader();
  for (;;) {
    const next = await reader?.read();
    if (!next || next.done) return;
    yield next.value;
  }
}

function emptyPart(): Part {
  return { chunks: [], receivedBytes: 0, totalBytes: null, etag: null, isEncoded: false };
}

function clear(part: Part): void {
  Object.assign(part, emptyPart());
}

function joined({ chunks, receivedBytes }: Part): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(receivedBytes);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

/** Resolves after a time. Rejects with the signal's reason when it is aborted meanwhile. */
function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', stop, { once: true });
    function done(): void {
      signal?.removeEventListener('abort', stop);
      resolve();
    }
    function stop(): void {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    }
  });
}
