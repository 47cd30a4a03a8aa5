// `POST /metrics` in front of the application. Its route would do the same (and does under `vite dev`), but to
// find it and to wrap the request costs more than ingest itself does for a small batch.
import type { ServerResponse } from 'node:http';
import type { RequestHandler } from '../http-server.server.ts';
import type { Ingest } from './ingest.server.ts';

const INGEST_URL = '/metrics';

/** Hands batches to `ingest` and everything else to `handler`. */
export function serveIngest(ingest: Ingest, handler: RequestHandler): RequestHandler {
  return (request, response, next) => {
    if (request.method !== 'POST' || request.url !== INGEST_URL) {
      return handler(request, response, next);
    }
    return ingest.handle(request).then((answer) => write(answer, response));
  };
}

/** Answers of ingest are short: they are written in one piece. */
async function write(answer: Response, response: ServerResponse): Promise<void> {
  const body = await answer.text();
  response.writeHead(answer.status, [...answer.headers].flat()).end(body);
}
