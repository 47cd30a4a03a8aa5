// What users bring of weights and what they forget, in the browser's real Cache Storage.
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import {
  findKept,
  forgetFiles,
  importedUrl,
  isForgettable,
  keepImported,
  listKept,
  removeContents,
} from '../../src/lib/weights/kept-weights.ts';
import { obtainFiles } from '../../src/lib/weights/obtain-files.ts';
import { readWeights } from '../../src/lib/weights/read-weights.ts';
import {
  CACHE_NAME,
  CONTENTS,
  OTHER,
  answers,
  keptDigests,
  promised,
  publicFile,
} from './made-weights.ts';

beforeEach(clear);
afterEach(clear);
async function clear() {
  await caches.delete(CACHE_NAME);
}

test('an imported file is found by its digest alone', async () => {
  const pin = await promised(CONTENTS);
  expect(await keepImported([CONTENTS])).toEqual([pin.sha256]);
  const file = { name: 'model', url: importedUrl(pin.sha256), ...pin };
  expect(await findKept([file])).toEqual([file]);
  expect(await readWeights('own-net', file)).toEqual(CONTENTS);
  await forgetFiles([file]);
  expect(await findKept([file])).toBeNull();
});

describe('imported files', () => {
  it('come with the digests of those that are new, which can be removed again', async () => {
    await keepImported([CONTENTS]);
    const added = await keepImported([CONTENTS, OTHER, OTHER]);
    expect(added).toEqual([(await promised(OTHER)).sha256]);
    await removeContents(added);
    expect(await keptDigests()).toEqual([(await promised(CONTENTS)).sha256]);
  });

  it('take the place of what is kept but damaged', async () => {
    const pin = await promised(CONTENTS);
    const cache = await caches.open(CACHE_NAME);
    await cache.put(`/kept-weights/sha256/${pin.sha256}`, new Response('half'));
    await keepImported([CONTENTS]);
    const file = { name: 'model', url: importedUrl(pin.sha256), ...pin };
    expect(await readWeights('own-net', file)).toEqual(CONTENTS);
  });
});

describe('forgetting files', () => {
  it('leaves contents that another file needs, by its digest or by its pin', async () => {
    const [pinned, alone] = [publicFile(), publicFile()];
    await obtainFiles([pinned, alone], answers(CONTENTS, OTHER.slice(1)));
    await keepImported([CONTENTS, OTHER]);
    const own = await Promise.all(
      [CONTENTS, OTHER].map(async (contents) => {
        const pin = await promised(contents);
        return { name: 'model', url: importedUrl(pin.sha256), ...pin };
      }),
    );
    const published = publicFile(await promised(OTHER));
    await forgetFiles([...own, alone], [pinned, published, publicFile()]);
    expect(await findKept([pinned])).not.toBeNull();
    expect(await findKept([published])).not.toBeNull();
    expect(await findKept([alone])).toBeNull();

    await forgetFiles([pinned], own);
    expect(await findKept(own)).not.toBeNull();
    expect(await findKept([pinned])).toBeNull();
    await forgetFiles(own);
    expect(await listKept()).toEqual([]);
  });

  it('makes sense while one of them is kept or pinned', async () => {
    const [pinned, published] = [publicFile(), publicFile(await promised(OTHER))];
    expect(await isForgettable([pinned, published])).toBe(false);
    await obtainFiles([pinned], answers(CONTENTS));
    expect(await isForgettable([published, pinned])).toBe(true);
    await removeContents(await keptDigests());
    expect(await isForgettable([pinned])).toBe(true);
    await forgetFiles([pinned]);
    expect(await isForgettable([pinned])).toBe(false);
    await obtainFiles([published], answers(OTHER));
    expect(await isForgettable([pinned, published])).toBe(true);
    await forgetFiles([published]);
    expect(await isForgettable([published])).toBe(false);
  });
});
