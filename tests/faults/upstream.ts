// One request from the fault proxy to the server, on a connection of its own.
import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';

/** A request as it arrived. */
export type KeptRequest = {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
};

/** An answer as it arrived. */
export type KeptAnswer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
};

/** Sends the request to the server at `origin`; null when the server is gone or ends the connection. */
export async function sendUpstream(origin: string, kept: KeptRequest): Promise<KeptAnswer | null> {
  const outgoing = open(origin, kept);
  outgoing.end(kept.body);
  try {
    const [response] = await once(outgoing, 'response');
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk);
    return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) };
  } catch {
    return null;
  }
}

/** Sends the first half of the request's body, then ends the connection. */
export async function sendHalfUpstream(origin: string, kept: KeptRequest): Promise<void> {
  const outgoing = open(origin, kept);
  const closed = once(outgoing, 'close').catch(() => undefined);
  outgoing.on('error', () => undefined);
  outgoing.write(kept.body.subarray(0, kept.body.length >> 1), () => outgoing.destroy());
  await closed;
}

function open(origin: string, { path, headers, body }: KeptRequest) {
  return request(new URL(path, origin), {
    method: 'POST',
    // No pool: a connection to a killed server must not be found again.
    agent: false,
    headers: { ...headers, 'content-length': body.length, connection: 'close' },
  });
}
