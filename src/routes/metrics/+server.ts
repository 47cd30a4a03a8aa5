// Ingest: batches of events from devices.
import type { RequestHandler } from './$types';

export const POST: RequestHandler = ({ request, locals }) => locals.services.ingest.handle(request);
