// Loads the application that `vite build` left in build/, and tells it what only its environment
// can: adapter-node reads process.env while it is imported.
import { existsSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { MAX_BATCH_BYTES } from '../src/lib/events/parse-batch.ts';
import { PROTOCOL_HEADER, type RequestHandler } from './http-server.server.ts';
import { StartupError } from './startup-error.server.ts';

/** Batches do not come so far; what does is an event that Pub/Sub pushes: in base64, with its attributes. */
const MAX_BODY_BYTES = Math.ceil((MAX_BATCH_BYTES * 4) / 3) + 20_000;

const HANDLER_FILE = fileURLToPath(new URL('../build/handler.js', import.meta.url));

/** Throws StartupError when the application was never built. */
export function requireBuiltApp(): void {
  if (existsSync(HANDLER_FILE)) return;
  throw new StartupError(
    'the application is not built yet; run npm run setup once, or npm start, which does it for you',
  );
}

/** Imports the application's request handler. Rejects with StartupError when it is missing or broken. */
export async function loadBuiltApp(): Promise<RequestHandler> {
  requireBuiltApp();
  // Without ORIGIN, adapter-node takes every request for https unless a header says otherwise.
  process.env['PROTOCOL_HEADER'] ??= PROTOCOL_HEADER;
  process.env['BODY_SIZE_LIMIT'] = String(MAX_BODY_BYTES);
  try {
    const { handler } = (await import(pathToFileURL(HANDLER_FILE).href)) as {
      handler: RequestHandler;
    };
    return handler;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartupError(
      `the built application does not load (${reason}); build it again with npm run setup`,
      { cause: error },
    );
  }
}
