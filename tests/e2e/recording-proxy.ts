// A proxy between the browser and everything else: it lets requests to one origin through and writes
// every request down, whichever page, worker or part of the browser made it.
import { once } from 'node:events';
import { createServer, request as forward } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request that the browser made. */
export type RecordedRequest = {
  readonly method: string;
  readonly url: string;
  readonly contentType: string;
  readonly body: Buffer;
};

/** A running proxy. */
export type RecordingProxy = {
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  close(): Promise<void>;
};

/** Starts a proxy that lets only requests to `origin` through; all are recorded, also refused ones. */
export async function startRecordingProxy(origin: string): Promise<RecordingProxy> {
  const requests: RecordedRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    void readBody(incoming).then((body) => {
      const { method = '', url = '', headers } = incoming;
      requests.push({ method, url, contentType: headers['content-type'] ?? '', body });
      if (!url.startsWith(`${origin}/`)) {
        outgoing.writeHead(403).end();
        return;
      }
      const onward = forward(url, { method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on('error', () => outgoing.destroy());
      outgoing.on('close', () => onward.destroy());
      onward.end(body);
    });
  });
  // What is encrypted asks for a tunnel first.
  server.on('connect', (incoming, socket) => {
    requests.push({
      method: 'CONNECT',
      url: incoming.url ?? '',
      contentType: '',
      body: Buffer.alloc(0),
    });
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
