// Structured logs: one JSON object a line, on stderr, warnings and worse unless LOG_LEVEL asks for
// more. stdout belongs to sentences for the person at the terminal. Bodies are never logged.
import { destination, pino, stdTimeFunctions, type Logger } from 'pino';

const STDERR = 2;

/** Creates the process's logger; parts that need one are handed it. */
export function createLogger(level: string): Logger {
  return pino(
    { level, base: null, timestamp: stdTimeFunctions.isoTime },
    // Synchronous, so that the last line before a crash is not lost; there are few lines.
    destination({ dest: STDERR, sync: true }),
  );
}
