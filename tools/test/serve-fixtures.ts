// A Vite plugin: the shared assets under /fixtures/, for tests that run in a browser.
import { createReadStream, statSync } from 'node:fs';
import { extname, resolve, sep } from 'node:path';
import type { Plugin } from 'vite';
import { sharedAssetsFolder } from '../../tests/fixtures/shared-assets.ts';

const URL_PREFIX = '/fixtures';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.jpg': 'image/jpeg',
  '.json': 'application/json',
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
};

/** Answers GET /fixtures/<path>; 404 for what is not there or lies outside the folder. */
export function serveFixtures(): Plugin {
  return {
    name: 'kinemark-fixtures',
    configureServer({ middlewares }) {
      middlewares.use(URL_PREFIX, (request, response) => {
        const { pathname } = new URL(request.url ?? '/', 'http://localhost');
        const file = resolve(sharedAssetsFolder, `.${decodeURIComponent(pathname)}`);
        const stats = statSync(file, { throwIfNoEntry: false });
        if (!file.startsWith(sharedAssetsFolder + sep) || !stats?.isFile()) {
          response.writeHead(404).end();
          return;
        }
        response.writeHead(200, {
          'content-type': CONTENT_TYPES[extname(file)] ?? 'application/octet-stream',
          'content-length': stats.size,
        });
        createReadStream(file).pipe(response);
      });
    },
  };
}
