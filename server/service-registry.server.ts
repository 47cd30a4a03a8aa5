// The one set of services of this process, found by whoever needs it.
// On globalThis, because adapter-node bundles its own copy of this module into build/: a variable
// here would exist twice, set in the entry's copy and empty in the application's.
import type { Services } from './services.server.ts';

const REGISTRY_KEY = Symbol.for('kinemark.services');

const registry = globalThis as { [REGISTRY_KEY]?: Services };

/** Whether services are running in this process. */
export function hasServices(): boolean {
  return registry[REGISTRY_KEY] !== undefined;
}

/** The running services. Throws when none were started. */
export function currentServices(): Services {
  const services = registry[REGISTRY_KEY];
  if (services === undefined) {
    throw new Error('No services are running: start the server with `npm start`, not from build/.');
  }
  return services;
}

/** Makes `services` the current ones. Throws when there are some already. */
export function registerServices(services: Services): void {
  if (hasServices()) throw new Error('Services are running in this process already.');
  registry[REGISTRY_KEY] = services;
}

/** Forgets the current services. */
export function unregisterServices(): void {
  delete registry[REGISTRY_KEY];
}
