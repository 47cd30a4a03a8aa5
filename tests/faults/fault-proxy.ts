// Stands between the pages of a schedule and their server: serves the page, and lets requests for ingest
// through, or not, as the schedule says.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import type { MetricEvent } from '../../src/lib/events/metric-event.ts';
import { answerWith, cut } from './answers.ts';
import { befall } from './befall-request.ts';
import type { RequestFault } from './schedule.ts';
import { sendUpstream } from './upstream.ts';
import type { KeptAnswer, KeptRequest } from './upstream.ts';

const INGEST_PATH = '/metrics';
const ACCEPTED = 202;
const UNAUTHORISED = 401;
const NOT_FOUND = 404;
const PUT_OFF = 503;

/** What the proxy knows of a schedule. */
export type ProxiedSchedule = {
  readonly requestFaults: readonly RequestFault[];
  /** Where the server listens at the moment; null while there is none. */
  readonly serverOrigin: () => string | null;
  /** SIGKILL, and a new process; false when there was none to kill. */
  readonly restartServer: () => boolean;
  /** The server answered 202 to these. */
  readonly onAccepted: (events: readonly MetricEvent[]) => void;
  /** The server's queue is full. */
  readonly onPutOff: () => void;
  /** What befell a request; not told of what came to nothing. */
  readonly onFault: (kind: RequestFault['kind']) => void;
};

/** A running proxy. One schedule at a time. */
export type FaultProxy = {
  readonly port: number;
  /** From here on requests belong to this schedule. */
  serve(schedule: ProxiedSchedule): void;
  signIn(isSignedIn: boolean): void;
  /**
   * Whether some device waits for longer than a schedule should: for a new token, or as long as a full server
   * asks for. Else it must go on by itself.
   */
  readonly hasPutOff: boolean;
  /** Resolves when requests that are held back have arrived. */
  settled(): Promise<void>;
  close(): Promise<void>;
};

/** Starts a proxy that serves `script` as the module of its one page. */
export async function startFaultProxy(script: string): Promise<FaultProxy> {
  let schedule: ProxiedSchedule | null = null;
  let faults: RequestFault[] = [];
  let isSignedIn = true;
  let hasPutOff = false;
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
    if (answer?.status === PUT_OFF) {
      hasPutOff = true;
      owner?.onPutOff();
    }
    return answer;
  }

  async function carry(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const owner = schedule;
    const kept = await keep(request);
    if (!isSignedIn) {
      hasPutOff = true;
      answerWith(response, UNAUTHORISED, null);
      return;
    }
    const origin = owner?.serverOrigin() ?? null;
    if (owner === null || origin === null) {
      // A fault that finds no server would be none.
      cut(response);
      return;
    }
    const fault = faults.shift() ?? { kind: 'none' };
    const { restartServer } = owner;
    const hasHappened = await befall(fault, {
      kept,
      response,
      origin,
      pass: () => pass(kept),
      restartServer,
    });
    if (hasHappened) owner.onFault(fault.kind);
  }

  return {
    port: (server.address() as AddressInfo).port,
    serve(next) {
      schedule = next;
      faults = [...next.requestFaults];
      isSignedIn = true;
      hasPutOff = false;
    },
    signIn(value) {
      isSignedIn = value;
    },
    get hasPutOff() {
      return hasPutOff;
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
