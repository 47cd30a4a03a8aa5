// Server-sent events for open pages: which run has changed.
import { openChangeStream } from '../../../../server/worker/change-stream.server.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ locals }) => openChangeStream(locals.services);
