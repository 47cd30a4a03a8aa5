// Opens what the role of this process needs, where the configuration says it is.
import type { Logger } from 'pino';
import type { Config } from '../config.server.ts';
import { openLocalParts } from './local-parts.server.ts';
import type { Parts } from './parts.server.ts';

/** Rejects with StartupError when queue or store cannot be used. */
export async function openParts(config: Config, logger: Logger): Promise<Parts> {
  if (config.google === null) return openLocalParts(config.dataFolder, logger);
  // Loaded only where it is needed: the clients of Google's cloud are large.
  const { openGoogleParts } = await import('./google-parts.server.ts');
  return openGoogleParts({ role: config.role, google: config.google, logger });
}
