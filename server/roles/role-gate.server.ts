// Which addresses a role answers, in front of the whole application: its files, pages and routes. A role
// without pages is a list of what it serves; whatever is not on it does not exist there.
import type { RequestHandler } from '../http-server.server.ts';
import type { Role } from './role.server.ts';

/** What every role answers. */
const COMMON = ['GET /healthz', 'HEAD /healthz'];

/** Null for roles that answer whatever they have the parts for. */
const servedBy: Readonly<Record<Role, ReadonlySet<string> | null>> = {
  all: null,
  dashboard: null,
  ingest: new Set([...COMMON, 'POST /metrics']),
  worker: new Set([...COMMON, 'POST /worker/push']),
};

/** Whether a role answers a request; `path` as it was sent, without its query. */
export function isServedBy(role: Role, method: string, path: string): boolean {
  return servedBy[role]?.has(`${method} ${path}`) ?? true;
}

/** Lets through to `handler` what the role answers, and refuses the rest with 404 and a sentence. */
export function gateRole(role: Role, handler: RequestHandler): RequestHandler {
  if (servedBy[role] === null) return handler;
  return (request, response, next) => {
    const [path = ''] = (request.url ?? '').split('?', 1);
    if (isServedBy(role, request.method ?? '', path)) return handler(request, response, next);
    const error = 'This address is not served here.';
    response.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
    return undefined;
  };
}
