// The relay against a real HTTP server of the test's own, in the place of a mirror.
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { isInternalHost } from '../../server/models/internal-host.server.ts';
import { relayModelFile } from '../../server/models/model-relay.server.ts';
import { silentLogger } from './silent-logger.ts';

const ADDRESS = 'https://weights.example/pose/net.onnx?download=true';
const CONTENTS = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));

/** Long enough for a busy machine to answer in, where it does answer. */
const SHORT_SILENCE_MS = 1000;

async function upstream(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/mirror`;
}

function relay(mirror: string, headers: Record<string, string> = {}, maxSilenceMs?: number) {
  const request = new Request('http://localhost/models/remote/weights.example/pose/net.onnx', {
    headers: { cookie: 'secret=1', ...headers },
  });
  const options = { mirror, logger: silentLogger };
  return relayModelFile(
    request,
    ADDRESS,
    maxSilenceMs === undefined ? options : { ...options, maxSilenceMs },
  );
}

/** Serves the contents as a static file server does. */
const serveFile: RequestListener = (request, response) => {
  const [, start, end] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  const isCurrent = ['', '"v1"'].includes(String(request.headers['if-range'] ?? ''));
  if (start === undefined || !isCurrent) {
    response.writeHead(200, { 'content-length': CONTENTS.length, etag: '"v1"' }).end(CONTENTS);
  } else if (Number(start) >= CONTENTS.length) {
    response.writeHead(416, { 'content-range': `bytes */${CONTENTS.length}` }).end();
  } else {
    const last = end ? Number(end) : CONTENTS.length - 1;
    response
      .writeHead(206, {
        'content-range': `bytes ${start}-${last}/${CONTENTS.length}`,
        etag: '"v1"',
      })
      .end(CONTENTS.subarray(Number(start), last + 1));
  }
};

async function bytesOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer());
}

test('a whole file comes as it is, and nothing of the device goes out', async () => {
  let asked: { url: string | undefined; names: string[] } | undefined;
  const mirror = await upstream((request, response) => {
    asked = { url: request.url, names: Object.keys(request.headers) };
    serveFile(request, response);
  });
  const response = await relay(mirror, { authorization: 'Bearer x', referer: 'http://localhost/' });
  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toEqual({
    'content-type': 'application/octet-stream',
    'cache-control': 'no-store',
    'content-length': String(CONTENTS.length),
    etag: '"v1"',
  });
  expect(await bytesOf(response)).toEqual(CONTENTS);
  expect(asked?.url).toBe('/mirror/weights.example/pose/net.onnx');
  expect(asked?.names).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/cookie|authorization|refer/)]),
  );
});

test('a part comes with its range, a changed file whole, and a part beyond the end not at all', async () => {
  const mirror = await upstream(serveFile);
  const part = await relay(mirror, { range: 'bytes=99000-', 'if-range': '"v1"' });
  expect(part.status).toBe(206);
  expect(part.headers.get('content-range')).toBe('bytes 99000-99999/100000');
  expect(await bytesOf(part)).toEqual(CONTENTS.subarray(99_000));

  const changed = await relay(mirror, { range: 'bytes=99000-', 'if-range': '"v0"' });
  expect(changed.status).toBe(200);
  expect(await bytesOf(changed)).toEqual(CONTENTS);

  const beyond = await relay(mirror, { range: 'bytes=100000-' });
  expect(beyond.status).toBe(416);
  expect(beyond.headers.get('content-range')).toBe('bytes */100000');
});

test('a part beyond the end stays one when upstream says so with a page', async () => {
  const page = '<html><h1>416 Requested Range Not Satisfiable</h1></html>';
  const mirror = await upstream((_, response) => {
    response.writeHead(416, {
      'content-type': 'text/html',
      'content-length': page.length,
      'content-range': `bytes */${CONTENTS.length}`,
    });
    response.end(page);
  });
  const beyond = await relay(mirror, { range: 'bytes=100000-' });
  expect(beyond.status).toBe(416);
  expect(Object.fromEntries(beyond.headers)).toEqual({
    'content-type': 'application/octet-stream',
    'cache-control': 'no-store',
    'content-range': 'bytes */100000',
  });
  expect(await bytesOf(beyond)).toHaveLength(0);
});

test.each([
  ['of several ranges', { range: 'bytes=0-1,5-6' }],
  ['with a condition of a kind that is not passed on', { range: 'bytes=1-', 'if-range': 'W/"v1"' }],
])('a request %s is answered whole', async (_, headers) => {
  const response = await relay(await upstream(serveFile), headers);
  expect(response.status).toBe(200);
  expect(await bytesOf(response)).toEqual(CONTENTS);
});

test('a redirect is followed, with the range', async () => {
  const mirror = await upstream((request, response) => {
    if (request.url !== '/elsewhere') response.writeHead(302, { location: '/elsewhere' }).end();
    else serveFile(request, response);
  });
  const response = await relay(mirror, { range: 'bytes=99990-' });
  expect(response.status).toBe(206);
  expect(await bytesOf(response)).toEqual(CONTENTS.subarray(99_990));
});

test('a redirect back to the host asked first is followed, wherever that host is', async () => {
  const mirror = await upstream((request, response) => {
    const elsewhere = `http://${request.headers.host}/elsewhere`;
    if (request.url !== '/elsewhere') response.writeHead(302, { location: elsewhere }).end();
    else serveFile(request, response);
  });
  expect((await relay(mirror)).status).toBe(200);
});

test.each([
  ['another port of this machine', (port: string) => `http://127.0.0.1:${port}/secrets`],
  ['a name of this machine', (port: string) => `http://localhost:${port}/secrets`],
  ['its IPv4 address as IPv6', (port: string) => `http://[::ffff:127.0.0.1]:${port}/secrets`],
  ['its address in another spelling', (port: string) => `http://0x7f.1:${port}/secrets`],
])('a redirect to %s is refused, and nothing is asked there', async (_, locationAt) => {
  let isAsked = false;
  const inside = await upstream((request, response) => {
    isAsked = true;
    serveFile(request, response);
  });
  const location = locationAt(new URL(inside).port);
  const response = await relay(
    await upstream((__, answer) => answer.writeHead(302, { location }).end()),
  );
  expect(response.status).toBe(502);
  expect((await response.json()).error).toMatch(
    /^net\.onnx could not be fetched because 127\.0\.0\.1:\d+ redirects to \S+, which is inside this Kinemark server's own network\. Choose another model/,
  );
  expect(response.headers.has('retry-after')).toBe(false);
  expect(isAsked).toBe(false);
});

test.each([
  ...['0.0.0.0', '10.1.2.3', '100.100.100.200', '127.8.8.8', '169.254.169.254', '172.31.255.255'],
  ...['192.168.1.1', '[::]', '[::1]', '[::ffff:a01:203]', '[fd12::1]', '[fe80::1]', 'localhost'],
])('%s is inside a network', async (hostname) => {
  expect(await isInternalHost(hostname)).toBe(true);
});

test.each([
  ...['9.255.255.255', '100.128.0.1', '172.32.0.1', '192.169.0.1'],
  ...['[2606:4700::1111]', '[::ffff:808:808]'],
])('%s is on the internet', async (hostname) => {
  expect(await isInternalHost(hostname)).toBe(false);
});

test('an answer that breaks off breaks off here', async () => {
  const mirror = await upstream((_, response) => {
    response.writeHead(200, { 'content-length': CONTENTS.length });
    response.write(CONTENTS.subarray(0, 50_000), () => response.destroy());
  });
  const response = await relay(mirror);
  expect(response.headers.get('content-length')).toBe('100000');
  await expect(response.arrayBuffer()).rejects.toThrow();
});

test('an answer that falls silent is cut off, and a slow reader is not', async () => {
  const mirror = await upstream((_, response) => {
    response.writeHead(200, { 'content-length': CONTENTS.length });
    response.write(CONTENTS.subarray(0, 50_000));
  });
  const response = await relay(mirror, {}, SHORT_SILENCE_MS);
  const reader = response.body!.getReader();
  // Longer than the other side may be silent: nobody waits for it meanwhile.
  await new Promise((resolve) => setTimeout(resolve, 1.5 * SHORT_SILENCE_MS));
  expect((await reader.read()).done).toBe(false);
  const toTheEnd = async () => {
    while (!(await reader.read()).done);
  };
  await expect(toTheEnd()).rejects.toThrow();
});

test.each<[string, RequestListener, RegExp, boolean]>([
  [
    'does not have the file',
    (_, response) => response.writeHead(404).end(),
    /^127\.0\.0\.1:\d+ does not give out net\.onnx \(HTTP 404\)\. Choose another model/,
    false,
  ],
  [
    'does not give it out',
    (_, response) => response.writeHead(403).end(),
    /\(HTTP 403\)\. Choose another model/,
    false,
  ],
  ['fails', (_, response) => response.writeHead(500).end(), /\(HTTP 500\)\. Try again later/, true],
  [
    'sends a page',
    (_, response) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(),
    /sent a web page instead of net\.onnx/,
    false,
  ],
  ['never answers', () => undefined, /did not answer within 1 s\. Try again later/, true],
  [
    'redirects without end',
    (_, response) => response.writeHead(302, { location: '/again' }).end(),
    /redirects without end/,
    false,
  ],
  [
    'redirects to another protocol',
    (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    /redirects to nowhere safe/,
    false,
  ],
  [
    'redirects to a host that does not exist',
    (_, response) => response.writeHead(302, { location: 'http://nowhere.invalid/' }).end(),
    /(nowhere\.invalid cannot be reached from this Kinemark server|nowhere\.invalid did not answer)/,
    true,
  ],
  ['hangs up', (request) => request.socket.destroy(), /KINEMARK_MODEL_MIRROR/, true],
])('502 with a sentence when upstream %s', async (_, listener, message, mayPass) => {
  const response = await relay(await upstream(listener), {}, SHORT_SILENCE_MS);
  expect(response.status).toBe(502);
  expect((await response.json()).error).toMatch(message);
  expect(response.headers.has('retry-after')).toBe(mayPass);
});
