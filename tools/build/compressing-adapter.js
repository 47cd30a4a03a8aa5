// adapter-node, with its static files compressed by us: its own compression of the runtimes' 100 MB of
// WebAssembly, brotli at its slowest and gzip besides, takes minutes for a few percent.
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { constants, createBrotliCompress } from 'node:zlib';
import adapterNode from '@sveltejs/adapter-node';
import { writeEngineFiles } from './engine-files.js';

/** Every browser that can run a model takes brotli. Weights are not listed: they hardly shrink. */
const COMPRESSIBLE = new Set(['.css', '.html', '.js', '.json', '.mjs', '.svg', '.txt', '.wasm']);
/** Of 11. MediaPipe's 13.0 MB become 3.16 MB in 0.6 s; at 11 it would be 2.68 MB in 31 s. */
const BROTLI_QUALITY = 6;
/** Below this a second file saves nothing. */
const MIN_BYTES = 1024;

/**
 * adapter-node writing to `out`, with `<file>.br` beside each file worth compressing, and a list of the
 * engines' files.
 * @param {{ out: string }} options
 * @returns {import('@sveltejs/kit').Adapter}
 */
export function compressingAdapter({ out }) {
  const adapter = adapterNode({ out, precompress: true });
  return {
    ...adapter,
    async adapt(builder) {
      await adapter.adapt({
        ...builder,
        async compress(folder) {
          // Of the two folders that are compressed, the one with the engines.
          if (folder.startsWith(join(out, 'client'))) await writeEngineFiles(folder);
          return compressFolder(folder);
        },
      });
    },
  };
}

/** @param {string} folder */
async function compressFolder(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile() && COMPRESSIBLE.has(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name));
  await Promise.all(files.map(compressFile));
}

/** @param {string} file */
async function compressFile(file) {
  const { size } = await stat(file);
  if (size < MIN_BYTES) return;
  const compressed = `${file}.br`;
  await pipeline(
    createReadStream(file),
    createBrotliCompress({
      params: {
        [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: size,
      },
    }),
    createWriteStream(compressed),
  );
  if ((await stat(compressed)).size >= size) await rm(compressed);
}
