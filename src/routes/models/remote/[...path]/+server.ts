// Weights that the catalogue has at somebody else's address, through our own origin.
import { relayModelFile } from '../../../../../server/models/model-relay.server.ts';
import { findRemoteAddress } from '$lib/models/remote-files.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ request, url, locals }) => {
  const address = findRemoteAddress(url.pathname);
  if (address === null) {
    return Response.json(
      { error: 'The catalogue has no such file. Reload the page, and choose the model again.' },
      { status: 404, headers: { 'cache-control': 'no-store' } },
    );
  }
  const { config, logger } = locals.services;
  return relayModelFile(request, address, { mirror: config.modelMirror, logger });
};
