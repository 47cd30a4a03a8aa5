// A Kinemark of a test's own, in this process: it starts with no runs, writes down what it is asked, and can be
// made to answer otherwise. One at a time.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadBuiltApp } from '../../server/built-app.server.ts';
import { startHttpServer } from '../../server/http-server.server.ts';
import type { RequestHandler } from '../../server/http-server.server.ts';
import { readConfig } from '../../server/config.server.ts';
import { VERSION_PATH } from '../../src/lib/offline/request-kind.ts';
import { VERSION_HEADER } from '../../src/lib/offline/version-header.ts';
import { startServices } from '../../server/services.server.ts';
import type { StoreReader } from '../../server/store/store.server.ts';

/** Answers a request in the application's place; false leaves it to the application. */
export type Interceptor = (...args: Parameters<RequestHandler>) => boolean;

/** A running Kinemark. */
export type WatchedKinemark = {
  readonly url: string;
  readonly store: StoreReader;
  /** Its files, as for `npm run deadletters`. */
  readonly dataFolder: string;
  /** What was asked since `forget`, as `GET /runs`. */
  readonly requests: readonly string[];
  forget(): void;
  /** Asked before the application; null for nobody. */
  intercept(interceptor: Interceptor | null): void;
  close(): Promise<void>;
};

/** Starts one on a free port. `prepare` may put files into its folder before. */
export async function startWatchedKinemark(
  prepare: (dataFolder: string) => void = () => undefined,
): Promise<WatchedKinemark> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'kinemark-e2e-'));
  prepare(dataFolder);
  const config = readConfig({
    PORT: '0',
    HOST: '127.0.0.1',
    KINEMARK_DATA: dataFolder,
    LOG_LEVEL: 'silent',
  });
  const services = await startServices(config);
  const app = await loadBuiltApp();
  let requests: string[] = [];
  let interceptor: Interceptor | null = null;
  const server = await startHttpServer({
    config,
    logger: services.logger,
    handler(request, response, next) {
      requests.push(`${request.method} ${request.url}`);
      if (interceptor?.(request, response, next)) return undefined;
      return app(request, response, next);
    },
  });
  return {
    url: server.url,
    store: services.store!,
    dataFolder,
    get requests() {
      return requests;
    },
    forget() {
      requests = [];
    },
    intercept(next) {
      interceptor = next;
    },
    async close() {
      services.beginClose();
      await server.close();
      await services.close();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

const SERVICE_WORKER_FILE = 'build/client/service-worker.js';

/**
 * Serves a version that does not exist, as after an update of the server: its service worker, its name in
 * `version.json` and on every page. What the pages load is the build's.
 */
export function servingVersion(name: string): Interceptor {
  const script = readFileSync(SERVICE_WORKER_FILE, 'utf8').replace(currentVersion(), name);
  return ({ url }, response) => {
    if (url === '/service-worker.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
      return true;
    }
    if (url === VERSION_PATH) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ version: name }));
      return true;
    }
    const setHeader = response.setHeader.bind(response);
    response.setHeader = (header, value) =>
      setHeader(header, header === VERSION_HEADER ? name : value);
    return false;
  };
}

/** The version of the build, as SvelteKit names it. */
export function currentVersion(): string {
  const file = readFileSync('build/client/_app/version.json', 'utf8');
  return (JSON.parse(file) as { version: string }).version;
}

/** Answers what devices send. */
export function answeringEvents(status: number, body: object): Interceptor {
  return ({ url, method }, response) => {
    if (url !== '/metrics' || method !== 'POST') return false;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    return true;
  };
}

/** Of the runs that its store has, newest first. */
export async function statusesOf({ store }: WatchedKinemark): Promise<readonly string[]> {
  return (await store.listRuns({ limit: 10 })).map(({ status }) => status);
}
