// Which addresses a role answers, at the real HTTP server, in front of an application that answers everything.
import { expect, onTestFinished, test } from 'vitest';
import { startHttpServer } from '../../server/http-server.server.ts';
import { gateRole } from '../../server/roles/role-gate.server.ts';
import { ROLES, dutiesOf, type Role } from '../../server/roles/role.server.ts';
import { silentLogger } from './silent-logger.ts';

async function serve(role: Role): Promise<string> {
  const server = await startHttpServer({
    config: { host: '127.0.0.1', port: 0 },
    logger: silentLogger,
    handler: gateRole(role, (_request, response) => response.writeHead(200).end('served')),
  });
  onTestFinished(() => server.close());
  return server.url;
}

async function ask(url: string, request: string): Promise<number> {
  const [method = '', path = ''] = request.split(' ');
  const response = await fetch(url + path, { method });
  if (response.status === 404) {
    expect(await response.json()).toEqual({ error: 'This address is not served here.' });
    // As every response, whoever writes it.
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  }
  return response.status;
}

const REQUESTS = [
  'POST /metrics',
  'POST /metrics?a=b',
  'GET /healthz',
  'POST /worker/push',
  'GET /',
  'GET /runs',
  'GET /runs/list.json',
  'GET /dead-letters/list.json',
  'GET /_app/version.json',
  'GET /service-worker.js',
  'GET /models/manifest.json',
  'POST /metrics/',
  'POST /metrics/../runs',
  'POST //metrics',
  'POST /%6detrics',
  'POST /METRICS',
  'PUT /metrics',
  'DELETE /worker/push',
  'POST /healthz',
];

test.each([
  ['ingest', ['POST /metrics', 'POST /metrics?a=b', 'GET /healthz']],
  ['worker', ['GET /healthz', 'POST /worker/push']],
] as const)('%s answers what is its own, and nothing else exists there', async (role, own) => {
  const url = await serve(role);
  for (const request of REQUESTS) {
    const isOwn = (own as readonly string[]).includes(request);
    expect(await ask(url, request), request).toBe(isOwn ? 200 : 404);
  }
});

test.each(['all', 'dashboard'] as const)('%s leaves it to its routes and parts', async (role) => {
  const url = await serve(role);
  for (const request of REQUESTS) expect(await ask(url, request), request).toBe(200);
});

test('no role but the whole may both publish and store, or read what it takes in', () => {
  for (const role of ROLES.filter((name) => name !== 'all')) {
    const duties = dutiesOf[role];
    expect(duties.length).toBeGreaterThan(0);
    if (duties.includes('publish')) expect(duties).toEqual(['publish']);
    if (duties.includes('read')) expect(duties).toEqual(['read']);
  }
});
