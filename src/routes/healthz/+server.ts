// For supervisors and load balancers: 200 while the server can do its work, else 503.
import { json } from '@sveltejs/kit';
import { checkHealth } from '../../../server/observability/health.server.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ locals }) => {
  const health = await checkHealth(locals.services);
  const status = health.status === 'ok' ? 200 : 503;
  return json(health, { status, headers: { 'cache-control': 'no-store' } });
};
