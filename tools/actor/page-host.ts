// Opens one page in headless Chromium whose modules are this project's TypeScript files, and serves
// it files. It knows neither the actor nor a pose model.
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { extname, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright';
import { chromiumLaunch } from '../../bench/chromium-launch.ts';

/** The project's root folder. */
export const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Libraries that report to their makers get no answer. */
const NO_OUTSIDE_FLAG = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1';

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.ts': 'text/javascript',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
  '.mp4': 'video/mp4',
};

/** What a page needs: its entry module and its imports, as URL paths from the project's root. */
export interface PageOptions {
  readonly module: string;
  readonly imports?: Readonly<Record<string, string>>;
  /** Answers POST requests of the page; the body comes whole. */
  readonly onPost?: (path: string, body: Buffer) => Promise<void>;
}

/** Runs `work` with a page that has loaded the entry module, then closes browser and server. */
export async function withPage<T>(
  options: PageOptions,
  work: (page: Page) => Promise<T>,
): Promise<T> {
  const server = createServer((request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const browser = await chromium.launch({
    ...chromiumLaunch,
    args: [...chromiumLaunch.args, NO_OUTSIDE_FLAG],
  });
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(error));
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.waitForFunction(() => document.documentElement.dataset['ready'] === 'true');
    return await work(page);
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}

async function answer(
  options: PageOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (request.method === 'POST') {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    await options.onPost?.(pathname, Buffer.concat(chunks));
    response.writeHead(204).end();
    return;
  }
  if (pathname === '/') {
    response.writeHead(200, { 'content-type': 'text/html' }).end(entryPage(options));
    return;
  }
  const file = resolve(PROJECT_ROOT, `.${pathname}`);
  if (!file.startsWith(resolve(PROJECT_ROOT) + sep)) {
    response.writeHead(403).end();
    return;
  }
  const bytes = await readFile(file).catch(() => null);
  if (bytes === null) {
    response.writeHead(404).end();
    return;
  }
  const type = CONTENT_TYPES[extname(file)] ?? 'application/octet-stream';
  const isTypeScript = extname(file) === '.ts';
  response
    .writeHead(200, { 'content-type': type })
    .end(isTypeScript ? stripTypeScriptTypes(bytes.toString()) : bytes);
}

function entryPage({ module, imports = {} }: PageOptions): string {
  return `<!doctype html><meta charset="utf-8">
<script type="importmap">${JSON.stringify({ imports })}</script>
<script type="module">
  Object.assign(globalThis, await import('${module}'));
  document.documentElement.dataset.ready = 'true';
</script>`;
}
