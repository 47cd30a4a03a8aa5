// The HTTP server around handlers of the test's own: headers, refused bodies, errors, the end.
import { once } from 'node:events';
import { Agent, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { startHttpServer, type RequestHandler } from '../../server/http-server.server.ts';
import { silentLogger } from './silent-logger.ts';

const ISOLATION_HEADERS = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

async function serve(handler: RequestHandler, config = { host: '127.0.0.1', port: 0 }) {
  const server = await startHttpServer({ config, handler, logger: silentLogger });
  onTestFinished(() => server.close());
  return server;
}

test.each<[string, number, RequestHandler]>([
  ['a page', 200, (_, response) => response.end('page')],
  ['a file', 200, (_, response) => response.writeHead(200, { etag: 'x' }).end('file')],
  ['a missing path', 404, (_request, _response, next) => next()],
  ['a redirect', 308, (_, response) => response.writeHead(308, { location: '/' }).end()],
  [
    'a broken handler',
    500,
    () => {
      throw new Error('secret');
    },
  ],
])('%s carries every header', async (_, status, handler) => {
  const { url } = await serve(handler);
  const response = await fetch(url, { redirect: 'manual' });
  expect(response.status).toBe(status);
  expect(Object.fromEntries(response.headers)).toMatchObject(ISOLATION_HEADERS);
  expect(response.headers.get('permissions-policy')).toContain('camera=(self)');
  const policy = response.headers.get('content-security-policy');
  expect(policy).toContain("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'");
  expect(await response.text()).not.toContain('secret');
});

test("a page's own content security policy replaces the default one", async () => {
  const { url } = await serve((_, response) => {
    response.setHeader('content-security-policy', "script-src 'nonce-1'");
    response.end();
  });
  const response = await fetch(url);
  expect(response.headers.get('content-security-policy')).toBe("script-src 'nonce-1'");
});

test('the application is told http, whatever the client says', async () => {
  const { url } = await serve((req, res) => res.end(req.headers['x-kinemark-protocol']));
  const response = await fetch(url, { headers: { 'x-kinemark-protocol': 'gopher' } });
  expect(await response.text()).toBe('http');
});

test('a connection stays usable after a body that nobody read', async () => {
  const { url } = await serve((req, res) => {
    // As adapter-node does it: listens, and pauses when its own buffer is full.
    req.on('data', () => req.pause());
    res.writeHead(req.method === 'POST' ? 413 : 200).end();
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());

  const post = request(url, { method: 'POST', agent });
  post.end(Buffer.alloc(2_000_000));
  const refused = await responseTo(post);
  expect(refused.statusCode).toBe(413);

  const get = request(url, { agent });
  get.end();
  const { statusCode } = await responseTo(get);
  expect(statusCode).toBe(200);
  expect(get.reusedSocket).toBe(true);
});

test('close lets a request finish, ends its connection, and takes no new one', async () => {
  const arrived = Promise.withResolvers<ServerResponse>();
  const server = await serve((_, response) => arrived.resolve(response));
  const pending = fetch(server.url);
  const response = await arrived.promise;

  const closed = server.close();
  await expect(fetch(server.url)).rejects.toThrow();
  response.end('done');
  expect(await (await pending).text()).toBe('done');
  await closed;
});

test('close cuts off what does not end by itself', { timeout: 8000 }, async () => {
  const server = await serve((_, response) => {
    response.write('forever');
  });
  const response = await fetch(server.url);
  const started = performance.now();
  await server.close();
  expect(performance.now() - started).toBeLessThan(4000);
  await expect(response.text()).rejects.toThrow();
});

test.each([
  ['127.0.0.1', /^http:\/\/localhost:\d+$/],
  ['0.0.0.0', /^http:\/\/localhost:\d+$/],
  ['127.0.0.2', /^http:\/\/127\.0\.0\.2:\d+$/],
])('listening on %s shows a URL that a browser here can open', async (host, expected) => {
  const { url } = await serve((_, response) => response.end(), { host, port: 0 });
  expect(url).toMatch(expected);
});

test('an address that is not of this machine is a sentence', async () => {
  const config = { host: '192.0.2.1', port: 0 };
  await expect(serve(() => {}, config)).rejects.toThrow(
    'HOST=192.0.2.1 is not an address of this machine',
  );
});

async function responseTo(sent: ReturnType<typeof request>): Promise<IncomingMessage> {
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
  return response;
}
