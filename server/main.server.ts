// The entry of `npm start`: turns signals into an orderly end, and errors into sentences.
import { readConfig } from './config.server.ts';
import { startKinemark } from './kinemark.server.ts';
import { StartupError } from './startup-error.server.ts';

/** Exit status when the server cannot start as it is configured. */
const EXIT_CANNOT_START = 2;
/** Exit status when it breaks in a way nobody foresaw. */
const EXIT_FAILED = 1;
/** An orderly end takes less; a supervisor waits longer. */
const SHUTDOWN_LIMIT_MS = 4500;
/** Signals that follow one another within this time are one. */
const SAME_SIGNAL_MS = 1000;

try {
  const kinemark = await startKinemark(readConfig(process.env));
  let closingSinceMs: number | null = null;
  const shutDown = async () => {
    if (closingSinceMs !== null) {
      // A second Ctrl+C: they mean it. npm and the launcher may pass on one signal more than once.
      if (performance.now() - closingSinceMs > SAME_SIGNAL_MS) process.exit(EXIT_FAILED);
      return;
    }
    closingSinceMs = performance.now();
    setTimeout(() => process.exit(EXIT_FAILED), SHUTDOWN_LIMIT_MS).unref();
    await kinemark.close();
    process.exit(0);
  };
  process.on('SIGINT', () => void shutDown());
  process.on('SIGTERM', () => void shutDown());
  console.log(`Kinemark is ready at ${kinemark.url}`);
} catch (error) {
  if (!(error instanceof StartupError)) throw error;
  console.error(`kinemark: ${error.message}`);
  process.exitCode = EXIT_CANNOT_START;
}
