// The whole server in one process, for the command line and for programs that bring their own:
// services, application, HTTP.
import { loadBuiltApp, requireBuiltApp } from './built-app.server.ts';
import type { Config } from './config.server.ts';
import { startHttpServer } from './http-server.server.ts';
import { serveIngest } from './ingest/ingest-handler.server.ts';
import { gateRole } from './roles/role-gate.server.ts';
import { startServices, type Services } from './services.server.ts';

/** A running Kinemark. */
export type Kinemark = {
  /** Where a browser on this machine finds it, without a trailing slash. */
  readonly url: string;
  readonly services: Services;
  /** Ends streams, finishes what is in flight, and closes everything. */
  close(): Promise<void>;
};

/** Starts Kinemark; one at a time in a process. Rejects with StartupError when it cannot. */
export async function startKinemark(config: Config): Promise<Kinemark> {
  requireBuiltApp();
  const services = await startServices(config);
  try {
    const app = await loadBuiltApp();
    const handler = gateRole(
      config.role,
      services.ingest ? serveIngest(services.ingest, app) : app,
    );
    const server = await startHttpServer({ config, handler, logger: services.logger });
    return {
      url: server.url,
      services,
      async close() {
        services.beginClose();
        await server.close();
        await services.close();
      },
    };
  } catch (error) {
    await services.close();
    throw error;
  }
}
