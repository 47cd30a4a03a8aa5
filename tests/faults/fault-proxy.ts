// Stands between the pages of a schedule and their server: serves the page, and lets requests for ingest
// through, or not, as the schedule says.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import type { MetricEvent } from '../../src/lib/events/metric-event.ts';
import type { RequestFault } from './schedule.ts';
import { sendHalfUpstream, sendUpstream } from './upstream.ts';
import type { KeptAnswer, KeptRequest } from './upstream.ts';

const INGEST_PATH = '/metrics';
const ACCEPTED = 202;
const UNAUTHORISED = 401;
const NOT_FOUND = 404;

/** What the proxy knows of a schedule. */
export type ProxiedSchedule = {
  readonly requestFaults: readonly RequestFault[];
  /** Where the server listens at the moment; null while there is none. */
  readonly serverOrigin: () => string | null;
  /** SIGKILL, and a new process. */
  readonly restartServer: () => void;
  /** The server answered 202 to these. */
  readonly onAccepted: (events: readonly MetricEvent[]) => void;
  /** What befell a request. */
  readonly onFault: (kind: RequestFault['kind']) => void;
};

/** A running proxy. One schedule at a time. */
export type FaultProxy = {
  readonly port: number;
  /** From here on requests belong to this schedule. */
  serve(schedule: ProxiedSchedule): void;
  signIn(isSignedIn: boolean): void;
  /** Resolves when requests that are held back have arrived. */
  settled(): Promise<void>;
  close(): Promise<void>;
};

/** Starts a proxy that serves `script` as the module of its one page. */
export async function startFaultProxy(script: string): Promise<FaultProxy> {
  let schedule: ProxiedSchedule | null = null;
  let faults: RequestFault[] = [];
  let isSignedIn = true;
  const onTheirWay = new Set<Promise<unknown>>();

  const server = createServer({ keepAlive: false }, (request, response) => {
    // Else the browser itself repeats what an idle connection lost, and uses up faults by that.
    response.setHeader('connection', 'close');
    if (request.method === 'POST' && request.url === INGEST_PATH) {
      void track(carry(request, response)).catch(() => cut(response));
    } else {
      servePage(request, response, script);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  function track<T>(work: Promise<T>): Promise<T> {
    onTheirWay.add(work);
    const forget = () => onTheirWay.delete(work);
    work.then(forget, forget);
    return work;
  }

  /** Carries the request to the server and tells the ledger what was accepted. */
  async function pass(kept: KeptRequest): Promise<KeptAnswer | null> {
    const origin = schedule?.serverOrigin() ?? null;
    if (origin === null) return null;
    const owner = schedule;
    const answer = await sendUpstream(origin, kept);
    if (answer?.status === ACCEPTED) owner?.onAccepted(readEvents(kept));
    return answer;
  }

  async function carry(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const kept = await keep(request);
    if (!isSignedIn) {
      answerWith(response, UNAUTHORISED, null);
      return;
    }
    const fault = faults.shift() ?? { kind: 'none' };
    schedule?.onFault(fault.kind);
    switch (fault.kind) {
      case 'none':
        reply(response, await pass(kept));
        break;
      case 'lose-request':
        cut(response);
        break;
      case 'tear-request': {
        const origin = schedule?.serverOrigin() ?? null;
        if (origin !== null) await sendHalfUpstream(origin, kept);
        cut(response);
        break;
      }
      case 'lose-answer':
        await pass(kept);
        cut(response);
        break;
      case 'tear-answer':
        replyHalf(response, await pass(kept));
        break;
      case 'duplicate': {
        const [answer] = await Promise.all([pass(kept), pass(kept)]);
        reply(response, answer);
        break;
      }
      case 'late-copy':
        cut(response);
        await wait(fault.delayMs);
        await pass(kept);
        break;
      case 'delay':
        await wait(fault.delayMs);
        reply(response, await pass(kept));
        break;
      case 'status':
        answerWith(response, fault.status, fault.retryAfter);
        break;
      case 'status-after-commit':
        await pass(kept);
        answerWith(response, fault.status, null);
        break;
      case 'kill-during': {
        const answer = pass(kept);
        await wait(fault.delayMs);
        schedule?.restartServer();
        reply(response, await answer);
        break;
      }
      case 'kill-after': {
        const answer = await pass(kept);
        if (fault.delayMs > 0) await wait(fault.delayMs);
        schedule?.restartServer();
        reply(response, answer);
        break;
      }
    }
  }

  return {
    port: (server.address() as AddressInfo).port,
    serve(next) {
      schedule = next;
      faults = [...next.requestFaults];
      isSignedIn = true;
    },
    signIn(value) {
      isSignedIn = value;
    },
    async settled() {
      await Promise.allSettled(onTheirWay);
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function keep(request: IncomingMessage): Promise<KeptRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return { path: INGEST_PATH, headers: request.headers, body: Buffer.concat(chunks) };
}

/** What the server has accepted is well formed. */
function readEvents({ headers, body }: KeptRequest): readonly MetricEvent[] {
  const json = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
  return JSON.parse(json.toString('utf8')) as MetricEvent[];
}

function servePage(request: IncomingMessage, response: ServerResponse, script: string): void {
  if (request.url === '/page.js') {
    response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
  } else if (request.url === '/') {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end(
      '<!doctype html><title>Faults</title><script type="module" src="/page.js"></script>',
    );
  } else {
    response.writeHead(NOT_FOUND).end();
  }
}

/** Without an answer the device sees what it would see without the proxy: a connection that ends. */
function reply(response: ServerResponse, answer: KeptAnswer | null): void {
  if (answer === null) cut(response);
  else response.writeHead(answer.status, headersOf(answer)).end(answer.body);
}

function replyHalf(response: ServerResponse, answer: KeptAnswer | null): void {
  if (answer === null) {
    cut(response);
    return;
  }
  const { status, body } = answer;
  response.writeHead(status, { ...headersOf(answer), 'content-length': body.length });
  response.write(body.subarray(0, body.length >> 1), () => cut(response));
}

function headersOf({ headers }: KeptAnswer): Record<string, string> {
  const { 'content-type': contentType, 'retry-after': retryAfter } = headers;
  return {
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
  };
}

function answerWith(response: ServerResponse, status: number, retryAfter: string | null): void {
  const headers = retryAfter === null ? {} : { 'retry-after': retryAfter };
  response.writeHead(status, headers).end('<html>A gateway answers.</html>');
}

function cut(response: ServerResponse): void {
  response.destroy();
}
