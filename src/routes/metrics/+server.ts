// Ingest: batches of events from devices.
import { requirePart } from '../require-part.ts';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = ({ request, locals }) =>
  requirePart(locals.services.ingest).handle(request);
