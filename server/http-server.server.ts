// The HTTP server around a request handler: address, headers on everything, and an orderly end.
// What is served is the handler's business.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { Config } from './config.server.ts';
import { RESPONSE_HEADERS } from './response-headers.server.ts';
import { StartupError } from './startup-error.server.ts';

/** Request header in which the application is told its protocol; a client's own is overwritten. */
export const PROTOCOL_HEADER = 'x-kinemark-protocol';

/** Time to receive a whole request: the largest batch over a slow mobile network. */
const REQUEST_TIMEOUT_MS = 60_000;
/** Its part for the headers, which fit into a few packets. */
const HEADERS_TIMEOUT_MS = 20_000;
/** How often Node looks for connections that took longer. */
const TIMEOUT_CHECK_MS = 5000;
/** How long requests in flight may take at shutdown before their connections are cut. */
const CLOSE_GRACE_MS = 3000;
/** How often idle connections are looked for at shutdown. */
const IDLE_CHECK_MS = 50;

const LOOPBACK_HOSTS: readonly string[] = ['127.0.0.1', '::1', 'localhost'];
const ANY_HOSTS: readonly string[] = ['0.0.0.0', '::'];

/** Answers a request; the shape of adapter-node's handler. */
export type RequestHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
) => unknown;

/** What the server serves, and where. */
export type HttpServerOptions = {
  readonly config: Pick<Config, 'host' | 'port'>;
  readonly handler: RequestHandler;
  readonly logger: Logger;
  /** In ms; for tests. */
  readonly requestTimeoutMs?: number;
};

/** A listening server. */
export type HttpServer = {
  /** Where a browser on this machine finds it, without a trailing slash. */
  readonly url: string;
  /** Takes no more connections and resolves when the last one has ended, within a few seconds. */
  close(): Promise<void>;
};

/** Resolves once the server listens. Rejects with StartupError when it cannot. */
export async function startHttpServer({
  config,
  handler,
  logger,
  requestTimeoutMs = REQUEST_TIMEOUT_MS,
}: HttpServerOptions): Promise<HttpServer> {
  const timeouts = {
    requestTimeout: requestTimeoutMs,
    headersTimeout: Math.min(HEADERS_TIMEOUT_MS, requestTimeoutMs),
    connectionsCheckingInterval: Math.min(TIMEOUT_CHECK_MS, requestTimeoutMs),
  };
  const server = createServer(timeouts, (request, response) => {
    void serve(request, response, handler, logger);
  });
  await listen(server, config);
  const { port } = server.address() as AddressInfo;
  return { url: urlOf(config.host, port), close: () => closeServer(server) };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  handler: RequestHandler,
  logger: Logger,
): Promise<void> {
  for (const [name, value] of RESPONSE_HEADERS) response.setHeader(name, value);
  request.headers[PROTOCOL_HEADER] = 'http';
  // A handler may refuse a request without reading its body; unread, it would block the connection.
  response.once('finish', () => {
    if (!request.complete) request.removeAllListeners('data').resume();
  });
  try {
    await handler(request, response, () => {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found\n');
    });
  } catch (error) {
    logger.error({ err: error, method: request.method }, 'a request failed');
    if (response.headersSent) response.destroy();
    else response.writeHead(500, { 'content-type': 'text/plain' }).end('Internal error\n');
  }
}

async function listen(server: Server, { host, port }: Pick<Config, 'host' | 'port'>) {
  try {
    server.listen(port, host);
    await once(server, 'listening'); // Rejects on 'error'.
  } catch (error) {
    throw new StartupError(explainListenError(error, host, port), { cause: error });
  }
}

function explainListenError(error: unknown, host: string, port: number): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE': {
      const other = port < 65_535 ? port + 1 : port - 1;
      return `port ${port} is in use by another program; choose another with PORT=${other} npm start`;
    }
    case 'EACCES':
      return `port ${port} may not be used by this user; choose another with PORT=3000 npm start`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `HOST=${host} is not an address of this machine; leave HOST out, or use 0.0.0.0 for all`;
    default:
      return `cannot listen on ${host}, port ${port}: ${String(error)}`;
  }
}

function urlOf(host: string, port: number): string {
  const isHere = LOOPBACK_HOSTS.includes(host) || ANY_HOSTS.includes(host);
  const name = isHere ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  // A connection kept alive becomes idle only when its request ends.
  const idleCheck = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const deadline = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  await closed;
  clearInterval(idleCheck);
  clearTimeout(deadline);
}
