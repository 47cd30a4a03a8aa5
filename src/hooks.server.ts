// What happens around every request: services for the routes, the version on pages, an id for what goes wrong.
import { building, dev, version } from '$app/environment';
import type { Handle, HandleServerError, ServerInit } from '@sveltejs/kit';
import { VERSION_HEADER } from '$lib/offline/version-header.ts';
import { currentServices, hasServices } from '../server/service-registry.server.ts';

export const init: ServerInit = async () => {
  if (building) return;
  if (dev && !hasServices()) {
    // `vite dev` has no entry of ours. Imported here only, so that the build leaves it out.
    const { readConfig } = await import('../server/config.server.ts');
    const { startServices } = await import('../server/services.server.ts');
    await startServices(readConfig(process.env));
  }
  currentServices(); // Better to fail now, with its sentence, than at every request.
};

export const handle: Handle = async ({ event, resolve }) => {
  if (!building) event.locals.services = currentServices();
  const response = await resolve(event);
  const isPage = response.headers.get('content-type')?.startsWith('text/html');
  // The service worker keeps pages away from a user who still has another version.
  if (isPage) response.headers.set(VERSION_HEADER, version);
  return response;
};

export const handleError: HandleServerError = ({ error, event, status, message }) => {
  if (status < 500) return { message };
  const errorId = crypto.randomUUID();
  const route = event.route.id;
  event.locals.services.logger.error({ err: error, errorId, route }, 'a request failed');
  return { message: 'Something went wrong on the server. The log says what, by this id.', errorId };
};
