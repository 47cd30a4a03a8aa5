// Contents, files and answers of a server, for tests of weights; and what is then kept.
import type { ModelFile } from '../../src/lib/models/model-spec.ts';
import { listKept } from '../../src/lib/weights/kept-weights.ts';
import { sha256Of } from '../../src/lib/weights/sha256-of.ts';

/** Where the page keeps weights. */
export const CACHE_NAME = 'kinemark-weights-v1';
/** Of one file, and, of the same size, of another. */
export const CONTENTS = Uint8Array.from({ length: 3000 }, (_, index) => index % 200);
export const OTHER = CONTENTS.map((byte) => byte + 1);

let addresses = 0;
/** A file at a public address that no other test asks for, of which no digest is known. */
export function publicFile(more: Partial<ModelFile> = {}): ModelFile {
  const url = `https://weights.example/${addresses++}/net.onnx`;
  return { name: 'model', url, bytes: null, sha256: null, ...more };
}

/** What is promised of contents. */
export async function promised(contents: Uint8Array<ArrayBuffer>) {
  return { bytes: contents.byteLength, sha256: await sha256Of(contents) };
}

/** A fetch that gives one answer after the other, and the paths that it was asked for. */
export function answers(...given: readonly (Uint8Array<ArrayBuffer> | Response)[]) {
  const asked: string[] = [];
  const fetchGiven = ((path: string) => {
    const answer = given[asked.length];
    asked.push(path);
    if (!answer) return Promise.reject(new TypeError('Failed to fetch'));
    return Promise.resolve(answer instanceof Response ? answer : new Response(answer));
  }) as typeof fetch;
  return { asked, fetch: fetchGiven, retryPausesMs: [0] };
}

/** An answer that breaks off after so many bytes of the contents. */
export function cutAfter(bytes: number): Response {
  const chunks = [CONTENTS.slice(0, bytes)];
  const cut = new ReadableStream(
    {
      pull(controller) {
        const chunk = chunks.shift();
        if (chunk) controller.enqueue(chunk);
        else controller.error(new TypeError('network error'));
      },
    },
    // What is queued when a stream breaks is lost with it, so nothing may be.
    { highWaterMark: 0 },
  );
  return new Response(cut, { headers: { 'content-length': '3000', etag: '"v1"' } });
}

/** What a server sends that is asked to go on after so many bytes of the contents. */
export function restAfter(bytes: number): Response {
  return new Response(CONTENTS.slice(bytes), {
    status: 206,
    headers: { 'content-range': `bytes ${bytes}-2999/3000`, etag: '"v1"' },
  });
}

/** The digests of all contents that are kept, in the order in which they came. */
export async function keptDigests() {
  return (await listKept()).map(({ sha256 }) => sha256);
}
