// What is kept of weights on this device, in Cache Storage: contents by their digest, and what was pinned
// when a file without a published digest was first downloaded. Verifying is the callers' business.

/** The contents that an address had when it was first downloaded. */
export type Pin = { readonly bytes: number; readonly sha256: string };

/** Contents that are kept, and the URL of the file they were kept for. */
export type KeptFile = Pin & { readonly url: string };

/** The weights of this device. */
export type WeightsCache = {
  /** False where the browser keeps nothing: then nothing is ever found, and pins last as long as the page. */
  readonly isLasting: boolean;
  has(sha256: string): Promise<boolean>;
  read(sha256: string): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Keeps all of it or nothing. Rejects with a QuotaExceededError when storage is full. */
  keep(file: KeptFile, contents: Uint8Array<ArrayBuffer>): Promise<void>;
  remove(sha256: string): Promise<void>;
  list(): Promise<readonly KeptFile[]>;
  readPin(url: string): Promise<Pin | null>;
  keepPin(url: string, pin: Pin): Promise<void>;
  removePin(url: string): Promise<void>;
};

const CACHE_NAME = 'kinemark-weights-v1';
/** Cache Storage knows contents by address only; nobody is ever asked for these. */
const CONTENTS_PATH = '/kept-weights/sha256/';
const PIN_PATH = '/kept-weights/first-download/';
const URL_HEADER = 'x-kinemark-url';

/** The device's weights; without Cache Storage (no secure context, some private modes) a forgetful stand-in. */
export async function openWeightsCache(): Promise<WeightsCache> {
  try {
    return lastingCache(await caches.open(CACHE_NAME));
  } catch {
    return forgetfulCache;
  }
}

function lastingCache(cache: Cache): WeightsCache {
  return {
    isLasting: true,
    async has(sha256) {
      return (await cache.match(CONTENTS_PATH + sha256)) !== undefined;
    },
    async read(sha256) {
      const kept = await cache.match(CONTENTS_PATH + sha256);
      return kept ? new Uint8Array(await kept.arrayBuffer()) : null;
    },
    async keep({ sha256, bytes, url }, contents) {
      const headers = { 'content-length': String(bytes), [URL_HEADER]: encodeURI(url) };
      await cache.put(CONTENTS_PATH + sha256, new Response(contents, { headers }));
    },
    async remove(sha256) {
      await cache.delete(CONTENTS_PATH + sha256);
    },
    async list() {
      const requests = await cache.keys();
      const files = requests.map((request) => describe(cache, request));
      return (await Promise.all(files)).filter((file) => file !== null);
    },
    async readPin(url) {
      const kept = await cache.match(pinPath(url));
      return kept ? ((await kept.json()) as Pin) : null;
    },
    async keepPin(url, pin) {
      await cache.put(pinPath(url), Response.json(pin));
    },
    async removePin(url) {
      await cache.delete(pinPath(url));
    },
  };
}

async function describe(cache: Cache, request: Request): Promise<KeptFile | null> {
  const { pathname } = new URL(request.url);
  if (!pathname.startsWith(CONTENTS_PATH)) return null;
  const kept = await cache.match(request);
  if (!kept) return null;
  return {
    sha256: pathname.slice(CONTENTS_PATH.length),
    bytes: Number(kept.headers.get('content-length')),
    url: decodeURI(kept.headers.get(URL_HEADER) ?? ''),
  };
}

function pinPath(url: string): string {
  return PIN_PATH + encodeURIComponent(url);
}

const pinsOfThisPage = new Map<string, Pin>();

const forgetfulCache: WeightsCache = {
  isLasting: false,
  has: () => Promise.resolve(false),
  read: () => Promise.resolve(null),
  keep: () => Promise.resolve(),
  remove: () => Promise.resolve(),
  list: () => Promise.resolve([]),
  readPin: (url) => Promise.resolve(pinsOfThisPage.get(url) ?? null),
  async keepPin(url, pin) {
    pinsOfThisPage.set(url, pin);
  },
  async removePin(url) {
    pinsOfThisPage.delete(url);
  },
};
