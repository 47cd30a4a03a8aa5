// Events that Pub/Sub pushes to the worker.
import { requirePart } from '../../require-part.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = ({ request, locals }) =>
  requirePart(locals.services.pushReceiver).handle(request);
