// Weights in the browser's real Cache Storage; what goes wrong on the way comes from an injected fetch.
// Types what `cdp` sends.
import type {} from '@vitest/browser-playwright';
import { cdp } from 'vitest/browser';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { blazeposeModels } from '../../src/lib/models/blazepose.ts';
import type { PinnedFile } from '../../src/lib/models/model-spec.ts';
import {
  findKept,
  forgetFiles,
  importedUrl,
  isForgettable,
  keepImported,
  listKept,
} from '../../src/lib/weights/kept-weights.ts';
import { obtainFiles } from '../../src/lib/weights/obtain-files.ts';
import { readWeights } from '../../src/lib/weights/read-weights.ts';
import { WeightsError } from '../../src/lib/weights/weights-error.ts';
import {
  CACHE_NAME,
  CONTENTS,
  OTHER,
  answers,
  cutAfter,
  keptDigests,
  promised,
  publicFile,
  restAfter,
} from './made-weights.ts';

/** Also for the tests without it. */
const realCaches = caches;

beforeEach(clear);
afterEach(clear);
async function clear() {
  await realCaches.delete(CACHE_NAME);
}

describe('obtaining a file', () => {
  it('fetches it through our own origin, keeps it and pins it', async () => {
    const file = publicFile();
    expect(await findKept([file])).toBeNull();
    const server = answers(CONTENTS);
    const pinned = { ...file, ...(await promised(CONTENTS)) };
    expect(await obtainFiles([file], server)).toEqual([pinned]);
    expect(server.asked).toEqual([`/models/remote/${file.url.slice('https://'.length)}`]);
    expect(await findKept([file])).toEqual([pinned]);
    expect(await listKept()).toEqual([
      { sha256: pinned.sha256, bytes: CONTENTS.length, url: file.url },
    ]);
  });

  it('asks nobody when it is kept', async () => {
    const file = publicFile(await promised(CONTENTS));
    await obtainFiles([file], answers(CONTENTS));
    const nobody = answers();
    expect(await obtainFiles([file], nobody)).toEqual([file]);
    expect(nobody.asked).toEqual([]);
  });

  it('tells how far all files together are', async () => {
    const known = publicFile(await promised(CONTENTS));
    const unknown = publicFile();
    const progress: unknown[] = [];
    await obtainFiles([known, unknown], {
      ...answers(CONTENTS, new Response(OTHER, { headers: { 'content-length': '3000' } })),
      onProgress: (now) => progress.push(now),
    });
    expect(progress[0]).toEqual({ receivedBytes: 0, totalBytes: null });
    expect(progress).toContainEqual({ receivedBytes: 3000, totalBytes: null });
    expect(progress).toContainEqual({ receivedBytes: 3000, totalBytes: 6000 });
    expect(progress.at(-1)).toEqual({ receivedBytes: 6000, totalBytes: 6000 });
  });

  it('tells nothing when all files are kept', async () => {
    const files = [publicFile(), publicFile()];
    await obtainFiles(files, answers(CONTENTS, OTHER));
    const progress: unknown[] = [];
    await obtainFiles(files, { ...answers(), onProgress: (now) => progress.push(now) });
    expect(progress).toEqual([]);
  });

  it('counts from the start what is kept, wherever it is among the files', async () => {
    const [first, fetched, last] = [publicFile(), publicFile(), publicFile()];
    await obtainFiles([first, last], answers(CONTENTS, OTHER));
    const progress: unknown[] = [];
    const headers = { 'content-length': '2000' };
    await obtainFiles([first, fetched, last], {
      ...answers(new Response(OTHER.slice(1000), { headers })),
      onProgress: (now) => progress.push(now),
    });
    expect(progress[0]).toEqual({ receivedBytes: 6000, totalBytes: 8000 });
    expect(progress.at(-1)).toEqual({ receivedBytes: 8000, totalBytes: 8000 });
  });

  it('takes one that the forge built from our own server', async () => {
    const [lite] = blazeposeModels;
    const files = lite?.variants.find(({ engine }) => engine === 'litert')?.files ?? [];
    expect(files).toHaveLength(2);
    expect(await obtainFiles(files)).toEqual(files);
    expect(await keptDigests()).toEqual(files.map(({ sha256 }) => sha256));
  });

  it('takes it out of its archive', async () => {
    const { url: other } = publicFile();
    const url = other.replace('net.onnx', 'bundle.task#pose_landmarks_detector.tflite');
    const [lite] = blazeposeModels;
    const bundle = await (await fetch('/models/blazepose-lite.task')).arrayBuffer();
    const [file] = await obtainFiles([publicFile({ url })], answers(new Uint8Array(bundle)));
    const network = lite?.variants[1]?.files.find(({ name }) => name === 'landmarks');
    // The bundle's network has metadata in front of it.
    expect(file?.bytes).toBeGreaterThan(network?.bytes ?? Infinity);
    expect(await keptDigests()).toEqual([file?.sha256]);

    const missing = publicFile({
      url: url.replace(/#.*/, '#hand.tflite').replace('.task', '.zip'),
    });
    await expect(obtainFiles([missing], answers(new Uint8Array(bundle)))).rejects.toThrow(
      'bundle.zip was refused because bundle.zip is not the expected archive: it has no hand.tflite',
    );
  });
});

describe('a file that is not what was promised', () => {
  it('is refused and not kept', async () => {
    const file = publicFile(await promised(CONTENTS));
    await expect(obtainFiles([file], answers(OTHER))).rejects.toThrow(
      /^net\.onnx was refused because it differs from the one that was promised \(SHA-256 \w{12}… instead of \w{12}…\)\. Fetch it again/,
    );
    expect(await listKept()).toEqual([]);
    expect(await obtainFiles([file], answers(CONTENTS))).toEqual([file]);
  });

  it('is refused when it differs from the first download, until that is forgotten', async () => {
    const file = publicFile();
    const [first] = await obtainFiles([file], answers(CONTENTS));
    if (!first) throw new Error('Nothing was obtained.');
    const cache = await caches.open(CACHE_NAME);
    await cache.delete(`/kept-weights/sha256/${first.sha256}`);
    await expect(obtainFiles([file], answers(OTHER))).rejects.toThrow(WeightsError);
    await forgetFiles([file]);
    expect(await obtainFiles([file], answers(OTHER))).toEqual([
      { ...file, ...(await promised(OTHER)) },
    ]);
  });

  it('leaves alone the files that came before', async () => {
    const [good, bad] = [publicFile(), publicFile(await promised(OTHER))];
    const kept = publicFile();
    await obtainFiles([kept], answers(OTHER.slice(1)));
    await expect(
      obtainFiles([kept, good, bad], answers(CONTENTS, CONTENTS.slice(1))),
    ).rejects.toThrow('was refused');
    expect(await keptDigests()).toEqual([
      (await promised(OTHER.slice(1))).sha256,
      (await promised(CONTENTS)).sha256,
    ]);
  });
});

describe('a download that fails', () => {
  it('leaves nothing behind, and says why in the words of the server', async () => {
    const error = 'weights.example could not send net.onnx (HTTP 503). Try again later.';
    const failure = () =>
      Response.json({ error }, { status: 502, headers: { 'retry-after': '5' } });
    const server = answers(failure(), failure());
    await expect(obtainFiles([publicFile()], server)).rejects.toThrow(error);
    expect(server.asked).toHaveLength(2);
    expect(await listKept()).toEqual([]);
  });

  it('goes on where it was cut off', async () => {
    const file = publicFile();
    const server = answers(cutAfter(1000), restAfter(1000));
    const [obtained] = await obtainFiles([file], { ...server, retryPausesMs: [0, 0] });
    expect(obtained).toMatchObject(await promised(CONTENTS));
    expect(server.asked).toHaveLength(2);
  });

  it('is continued by the next call, which fetches no file again that came whole', async () => {
    const files = [publicFile(), publicFile()];
    const first = { ...answers(OTHER, cutAfter(1000)), retryPausesMs: [] };
    await expect(obtainFiles(files, first)).rejects.toThrow('goes on where it stopped');
    expect(await keptDigests()).toEqual([(await promised(OTHER)).sha256]);

    const next = { ...answers(restAfter(1000)), retryPausesMs: [] };
    expect(await obtainFiles(files, next)).toMatchObject([
      await promised(OTHER),
      await promised(CONTENTS),
    ]);
    expect(next.asked).toHaveLength(1);
  });

  it('is continued after it was cancelled, which takes no file away that came whole', async () => {
    const files = [publicFile(), publicFile()];
    const abort = new AbortController();
    const cancelled = obtainFiles(files, {
      ...answers(OTHER, cutAfter(1000)),
      retryPausesMs: [3_600_000],
      signal: abort.signal,
      onProgress: ({ receivedBytes }) => {
        if (receivedBytes === 4000) setTimeout(() => abort.abort(new Error('Stop.')));
      },
    });
    await expect(cancelled).rejects.toThrow('Stop.');
    expect(await findKept(files.slice(0, 1))).not.toBeNull();
    const next = { ...answers(restAfter(1000)), retryPausesMs: [] };
    expect(await obtainFiles(files, next)).toHaveLength(2);
  });

  it('ends with the reason of whoever aborted it', async () => {
    const reason = new DOMException('The user changed their mind.', 'AbortError');
    const aborted = obtainFiles([publicFile()], {
      ...answers(CONTENTS),
      signal: AbortSignal.abort(reason),
    });
    await expect(aborted).rejects.toBe(reason);
  });
});

describe('full storage', () => {
  /** More than earlier tests can have left behind, which the browser frees when it likes. */
  const large = new Uint8Array(60_000_000);

  async function limitStorage(quotaSize: number) {
    const { origin } = location;
    await cdp().send('Storage.overrideQuotaForOrigin', { origin, quotaSize });
    onTestFinished(async () => {
      await cdp().send('Storage.overrideQuotaForOrigin', { origin });
    });
  }

  it('says how much is needed, and keeps nothing of the model', async () => {
    await limitStorage(large.length - 1);
    const server = answers(CONTENTS, large);
    await expect(obtainFiles([publicFile(), publicFile()], server)).rejects.toThrow(
      /^net\.onnx could not be kept because the browser's storage is full: it needs 60\.0 MB\. Forget models/,
    );
    expect(await listKept()).toEqual([]);
  });

  it('takes nothing away that was there before, and leaves no pin', async () => {
    const [sha256] = await keepImported([CONTENTS]);
    const small = publicFile();
    await limitStorage(large.length - 1);
    const server = answers(CONTENTS, OTHER, large);
    await expect(obtainFiles([small, publicFile(), publicFile()], server)).rejects.toThrow(
      'storage is full',
    );
    expect(await keptDigests()).toEqual([sha256]);
    expect(await isForgettable([small])).toBe(false);
  });

  it('refuses an imported model, all of it, and leaves what was there before', async () => {
    const [before] = await keepImported([CONTENTS]);
    await limitStorage(large.length - 1);
    await expect(keepImported([CONTENTS, OTHER, large])).rejects.toThrow(
      /storage is full: it needs 60\.0 MB/,
    );
    expect(await keptDigests()).toEqual([before]);
  });

  it('does not keep an engine from what our own server has', async () => {
    await limitStorage(1);
    const [lite] = blazeposeModels;
    const [file] = lite?.variants[0]?.files ?? [];
    const [obtained] = await obtainFiles(file ? [file] : []);
    expect(await listKept()).toEqual([]);
    const bytes = await readWeights('blazepose-lite', obtained as PinnedFile);
    expect(bytes.byteLength).toBe(file?.bytes);
  });
});

describe('reading weights', () => {
  it('needs no network for what is kept', async () => {
    const [file] = await obtainFiles([publicFile()], answers(CONTENTS));
    expect(await readWeights('net', file as PinnedFile)).toEqual(CONTENTS);
  });

  it('fetches what is not kept, and keeps it', async () => {
    const [lite] = blazeposeModels;
    const file = lite?.variants[0]?.files[0] as PinnedFile;
    expect((await readWeights('blazepose-lite', file)).byteLength).toBe(file.bytes);
    expect(await keptDigests()).toEqual([file.sha256]);
  });

  it('fetches again what is kept but damaged', async () => {
    const file = blazeposeModels[0]?.variants[0]?.files[0] as PinnedFile;
    const cache = await caches.open(CACHE_NAME);
    await cache.put(`/kept-weights/sha256/${file.sha256}`, new Response('half'));
    expect((await readWeights('blazepose-lite', file)).byteLength).toBe(file.bytes);
  });

  it('says what is missing and what to do', async () => {
    const pin = await promised(CONTENTS);
    await expect(
      readWeights('blazepose-lite', { name: 'model', url: '/models/nothing.task', ...pin }),
    ).rejects.toThrow(/The model blazepose-lite (is not on this server|was refused)/);
    await expect(
      readWeights('own-net', { name: 'model', url: importedUrl(pin.sha256), ...pin }),
    ).rejects.toThrow(
      'The model own-net was imported on this device, but the browser no longer has it. Import the model again.',
    );
  });
});

describe('without Cache Storage', () => {
  beforeEach(() => {
    const own = Object.getOwnPropertyDescriptor(globalThis, 'caches');
    Object.defineProperty(globalThis, 'caches', { value: undefined, configurable: true });
    onTestFinished(() => {
      if (own) Object.defineProperty(globalThis, 'caches', own);
      else delete (globalThis as { caches?: CacheStorage }).caches;
    });
  });

  it('files are fetched and verified all the same, and must stay what they were', async () => {
    const file = publicFile();
    const pinned = { ...file, ...(await promised(CONTENTS)) };
    expect(await obtainFiles([file], answers(CONTENTS))).toEqual([pinned]);
    expect(await findKept([file])).toBeNull();
    await expect(obtainFiles([file], answers(OTHER))).rejects.toThrow('was refused');
    const built = blazeposeModels[0]?.variants[0]?.files[0] as PinnedFile;
    expect((await readWeights('blazepose-lite', built)).byteLength).toBe(built.bytes);
  });

  it('an import is refused, because no engine could ever read it', async () => {
    await expect(keepImported([CONTENTS])).rejects.toThrow(/this browser keeps no files/);
  });
});
