// A logger for tests that are not about logs.
import { pino } from 'pino';

export const silentLogger = pino({ level: 'silent' });
