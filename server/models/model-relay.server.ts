// Passes weights on from their public address to our own pages, which may talk to nobody else
// (docs/adr/0009). Keeps nothing. Which addresses there are is the caller's business.
import type { Logger } from 'pino';
import { openUpstream, UpstreamError } from './upstream.server.ts';

/** How long the other side may be silent, before its answer and within it. */
const MAX_SILENCE_MS = 30_000;
/** When to try again what may work then. */
const RETRY_AFTER_S = 5;

/** What a device may ask about a part of the file. Anything else of its request goes no further. */
const RANGE = /^bytes=\d{1,15}-\d{0,15}$/;
const ENTITY_TAG = /^"[\x21\x23-\x7e]{0,200}"$/;

/** What it is told of the answer besides its status. */
const RELAYED_HEADERS = ['content-length', 'content-range', 'etag', 'last-modified'];

/** What the relay needs. */
export type RelayOptions = {
  /** Where to ask instead, as `<mirror>/<host>/<path>`; null asks the address itself. */
  readonly mirror: string | null;
  readonly logger: Logger;
  /** In ms; for tests. */
  readonly maxSilenceMs?: number;
};

/**
 * Answers a GET with what is at a public address: 200, 206 or 416 as upstream answers, with its length, range
 * and ETag, or 502 `{"error": sentence}`, with a `retry-after` where trying again may help. An answer that
 * breaks off upstream breaks off here.
 */
export async function relayModelFile(
  request: Request,
  address: string,
  { mirror, logger, maxSilenceMs = MAX_SILENCE_MS }: RelayOptions,
): Promise<Response> {
  try {
    const url = mirror === null ? address : mirroredAddress(address, mirror);
    const upstream = await openUpstream(url, rangeHeadersOf(request), maxSilenceMs);
    return new Response(upstream.body, {
      status: upstream.status,
      headers: relayedHeaders(upstream.headers, upstream.body !== null),
    });
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    logger.warn({ address, mirror, reason: error.message }, 'weights could not be relayed');
    return Response.json(
      { error: error.message },
      {
        status: 502,
        headers: {
          'cache-control': 'no-store',
          ...(error.mayPass && { 'retry-after': String(RETRY_AFTER_S) }),
        },
      },
    );
  }
}

function mirroredAddress(address: string, mirror: string): string {
  const { host, pathname } = new URL(address);
  return `${mirror}/${host}${pathname}`;
}

function rangeHeadersOf(request: Request): Record<string, string> {
  const range = request.headers.get('range');
  const condition = request.headers.get('if-range');
  if (range === null || !RANGE.test(range)) return {};
  if (condition === null) return { range };
  // A condition that is not passed on must not be taken for fulfilled.
  return ENTITY_TAG.test(condition) ? { range, 'if-range': condition } : {};
}

function relayedHeaders(upstream: Headers, hasBody: boolean): Headers {
  const headers = new Headers({
    // Whatever upstream calls it: nothing of it shall be shown or run as a page.
    'content-type': 'application/octet-stream',
    'cache-control': 'no-store',
  });
  // The length is that of the encoded answer, which has been decoded on the way, or of a body left out.
  const hasOwnLength = hasBody && !upstream.has('content-encoding');
  for (const name of RELAYED_HEADERS) {
    const value = upstream.get(name);
    if (value !== null && (hasOwnLength || name !== 'content-length')) headers.set(name, value);
  }
  return headers;
}
