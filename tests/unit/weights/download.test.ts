// Downloads whose answers break off, change and fail, as a server would make them.
import { describe, expect, it, test } from 'vitest';
import { download } from '../../../src/lib/weights/download.ts';
import type { DownloadOptions } from '../../../src/lib/weights/download.ts';
import { WeightsError } from '../../../src/lib/weights/weights-error.ts';

const FILE = Uint8Array.from({ length: 1000 }, (_, index) => index % 250);

/** How one answer of the server goes wrong. */
type Fault = {
  /** How many bytes arrive before the connection breaks. */
  readonly breaksAfter?: number;
  readonly answer?: () => Response | Promise<Response>;
};

/** A server of one file, whose n-th answer has the n-th fault. */
function server({
  faults = [],
  etag = '"v1"',
  file = FILE,
}: {
  faults?: readonly Fault[];
  etag?: string | null;
  file?: Uint8Array<ArrayBuffer>;
} = {}) {
  const asked: Record<string, string>[] = [];
  const caches: (RequestCache | undefined)[] = [];
  type Init = { headers: Record<string, string>; cache?: RequestCache };
  const fetchFile = (async (_path: string, { headers, cache }: Init) => {
    caches.push(cache);
    const { answer, breaksAfter } = faults[asked.length] ?? {};
    asked.push(headers);
    if (answer) return answer();
    const start = Number(/^bytes=(\d+)-$/.exec(headers['range'] ?? '')?.[1] ?? 0);
    const isCurrent = headers['if-range'] === undefined || headers['if-range'] === etag;
    const from = isCurrent ? start : 0;
    if (from >= file.length) return new Response(null, { status: 416 });
    const rest = file.subarray(from);
    return new Response(stream(rest, breaksAfter), {
      status: from > 0 ? 206 : 200,
      headers: {
        'content-length': String(rest.length),
        ...(etag !== null && { etag }),
        ...(from > 0 && { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` }),
      },
    });
  }) as unknown as typeof fetch;
  return { asked, caches, fetch: fetchFile };
}

function stream(bytes: Uint8Array<ArrayBuffer>, breaksAfter = Infinity) {
  const chunks = [bytes.subarray(0, Math.min(breaksAfter, bytes.length))];
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      const chunk = chunks.shift();
      if (chunk) controller.enqueue(chunk);
      else if (breaksAfter < bytes.length) controller.error(new TypeError('network error'));
      else controller.close();
    },
  });
}

let paths = 0;
/** Each download is of another path, because parts are remembered by path. */
function newPath() {
  return `/models/file-${paths++}`;
}

function options(fetchFile: typeof fetch, more: Partial<DownloadOptions> = {}): DownloadOptions {
  return {
    fetch: fetchFile,
    signal: undefined,
    title: 'net.onnx',
    onProgress: () => undefined,
    retryPausesMs: [0, 0],
    isDigestKnown: false,
    ...more,
  };
}

describe('a download that breaks off', () => {
  it('goes on where it stopped, if the file is still the same', async () => {
    const { fetch, asked } = server({ faults: [{ breaksAfter: 400 }, { breaksAfter: 300 }] });
    const progress: (readonly [number, number | null])[] = [];
    const onProgress = (received: number, total: number | null) => progress.push([received, total]);
    expect(await download(newPath(), options(fetch, { onProgress }))).toEqual(FILE);
    expect(asked).toEqual([
      {},
      { range: 'bytes=400-', 'if-range': '"v1"' },
      { range: 'bytes=700-', 'if-range': '"v1"' },
    ]);
    expect(progress).toEqual([
      [0, 1000],
      [400, 1000],
      [400, 1000],
      [700, 1000],
      [700, 1000],
      [1000, 1000],
    ]);
  });

  it('begins again when the file has changed', async () => {
    const path = newPath();
    const broken = server({ faults: [{ breaksAfter: 400 }] });
    await expect(download(path, options(broken.fetch, { retryPausesMs: [] }))).rejects.toThrow(
      'net.onnx did not arrive whole because the connection broke. Try again',
    );
    const file = FILE.map((byte) => byte + 1);
    expect(await download(path, options(server({ etag: '"v2"', file }).fetch))).toEqual(file);
  });

  it('goes on at a later attempt on the same page', async () => {
    const path = newPath();
    const { fetch, asked } = server({ faults: [{ breaksAfter: 400 }] });
    await expect(download(path, options(fetch, { retryPausesMs: [] }))).rejects.toThrow(
      WeightsError,
    );
    expect(await download(path, options(fetch))).toEqual(FILE);
    expect(asked[1]).toEqual({ range: 'bytes=400-', 'if-range': '"v1"' });
  });

  it.each([null, 'W/"v1"'])(
    'begins again where nothing tells that it is the same (ETag %s), unless the digest will',
    async (etag) => {
      const unknown = server({ faults: [{ breaksAfter: 400 }], etag });
      expect(await download(newPath(), options(unknown.fetch))).toEqual(FILE);
      expect(unknown.asked).toEqual([{}, {}]);
      const known = server({ faults: [{ breaksAfter: 400 }], etag });
      const isDigestKnown = true;
      expect(await download(newPath(), options(known.fetch, { isDigestKnown }))).toEqual(FILE);
      expect(known.asked).toEqual([{}, { range: 'bytes=400-' }]);
    },
  );

  it('begins again when its answers are encoded: a range counts other bytes', async () => {
    const encoded = () =>
      new Response(stream(FILE, 400), { headers: { 'content-encoding': 'br', etag: '"v1"' } });
    const { fetch, asked } = server({ faults: [{ answer: encoded }] });
    expect(await download(newPath(), options(fetch))).toEqual(FILE);
    expect(asked).toEqual([{}, {}]);
  });

  it('is noticed when the stream merely ends early', async () => {
    const short = () =>
      new Response(FILE.slice(0, 999), { headers: { 'content-length': '1000', etag: '"v1"' } });
    const { fetch } = server({ faults: [{ answer: short }, { answer: short }] });
    const limited = options(fetch, { retryPausesMs: [] });
    await expect(download(newPath(), limited)).rejects.toThrow('999 of 1000 bytes came');
  });

  it('begins again when the server continues somewhere else, or has less than is there', async () => {
    const elsewhere = () =>
      new Response(FILE.slice(500), {
        status: 206,
        headers: { 'content-range': 'bytes 500-999/1000', etag: '"v1"' },
      });
    const gone = () => new Response(null, { status: 416 });
    for (const answer of [elsewhere, gone]) {
      const { fetch, asked } = server({ faults: [{ breaksAfter: 400 }, { answer }] });
      expect(await download(newPath(), options(fetch))).toEqual(FILE);
      expect(asked.at(-1)).toEqual({});
    }
  });
});

describe('a server that fails', () => {
  const error = 'tfhub.dev could not send model.json (HTTP 500). Try again later.';
  const passing = () => Response.json({ error }, { status: 502, headers: { 'retry-after': '5' } });
  const final = () => Response.json({ error: 'It is gone for good.' }, { status: 502 });

  test('for a while is asked again', async () => {
    const unreachable = () => Promise.reject(new TypeError('Failed to fetch'));
    const { fetch, asked } = server({ faults: [{ answer: passing }, { answer: unreachable }] });
    expect(await download(newPath(), options(fetch))).toEqual(FILE);
    expect(asked).toHaveLength(3);
  });

  test('for long is given up, with its own words', async () => {
    const faults = [{ answer: passing }, { answer: passing }, { answer: passing }];
    const { fetch, asked } = server({ faults });
    await expect(download(newPath(), options(fetch))).rejects.toThrow(error);
    expect(asked).toHaveLength(3);
  });

  test('for good is not asked again', async () => {
    const { fetch, asked } = server({ faults: [{ answer: final }] });
    await expect(download(newPath(), options(fetch))).rejects.toThrow('It is gone for good.');
    expect(asked).toHaveLength(1);
  });

  test.each([
    [
      404,
      '/models/nothing.onnx',
      'net.onnx is not on this server (HTTP 404 for /models/nothing.onnx). Run "npm run models" there and start it again.',
    ],
    [
      404,
      '/models/remote/a.example/net.onnx',
      'net.onnx could not be fetched because the server answered with HTTP 404 for /models/remote/a.example/net.onnx. Ask whoever runs it.',
    ],
    [
      403,
      '/models/forbidden.onnx',
      'net.onnx could not be fetched because the server answered with HTTP 403 for /models/forbidden.onnx. Ask whoever runs it.',
    ],
  ])('without words (HTTP %i for %s) gets some', async (status, path, sentence) => {
    const { fetch, asked } = server({ faults: [{ answer: () => new Response('no', { status }) }] });
    await expect(download(path, options(fetch))).rejects.toThrow(new WeightsError(sentence));
    expect(asked).toHaveLength(1);
  });

  test.each([408, 429, 500, 503])('with HTTP %i may be well again', async (status) => {
    const answer = () => new Response('<h1>Not now</h1>', { status });
    const passing = server({ faults: [{ answer }, { answer }] });
    expect(await download(newPath(), options(passing.fetch))).toEqual(FILE);
    const lasting = server({ faults: [{ answer }, { answer }, { answer }] });
    await expect(download(newPath(), options(lasting.fetch))).rejects.toThrow(
      `net.onnx could not be fetched because the server failed (HTTP ${status}). Try again later.`,
    );
  });
});

test('asks past the HTTP cache, where an older file may lie', async () => {
  const { fetch, caches } = server({ faults: [{ breaksAfter: 400 }] });
  await download(newPath(), options(fetch));
  expect(caches).toEqual(['no-store', 'no-store']);
});

test('aborting ends the download and keeps what came', async () => {
  const path = newPath();
  const abort = new AbortController();
  const { fetch, asked } = server({ faults: [{ breaksAfter: 400 }] });
  const downloading = download(
    path,
    options(fetch, {
      signal: abort.signal,
      retryPausesMs: [3_600_000],
      onProgress: (received) => {
        if (received === 400)
          queueMicrotask(() => setTimeout(() => abort.abort(new Error('Stop.'))));
      },
    }),
  );
  await expect(downloading).rejects.toThrow('Stop.');
  expect(await download(path, options(fetch))).toEqual(FILE);
  expect(asked[1]).toEqual({ range: 'bytes=400-', 'if-range': '"v1"' });
});
