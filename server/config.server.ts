// Configuration comes from the environment only, and is checked here once. Fixed limits of the
// server's parts that are not for users to change live with those parts.
import { resolve } from 'node:path';
import * as v from 'valibot';
import { StartupError } from './startup-error.server.ts';

/** Levels that `LOG_LEVEL` may name, quietest first. */
const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

/** Events that may wait for the worker before ingest asks devices to come back later. */
export const MAX_QUEUE_DEPTH_EVENTS = 20_000;

/** Everything a user can set. */
export type Config = {
  /** TCP port; 0 takes any free one. */
  readonly port: number;
  /** Address to listen on. */
  readonly host: string;
  /** Absolute path of the folder that holds all state. */
  readonly dataFolder: string;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Where public weights are asked for instead, as `<mirror>/<host>/<path>`; without a trailing slash. */
  readonly modelMirror: string | null;
};

/** An environment variable has a value that cannot be used. */
export class ConfigError extends StartupError {
  override name = 'ConfigError';
}

const PORT_RULE = 'must be a whole number from 0 to 65535 (0 takes any free port)';

const MIRROR_RULE = 'must be an http or https URL without a query';

const environmentSchema = v.object({
  PORT: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,5}$/, PORT_RULE),
      v.transform(Number),
      v.maxValue(65_535, PORT_RULE),
    ),
    '3000',
  ),
  HOST: v.optional(
    v.pipe(v.string(), v.regex(/^[\w.:%-]+$/, 'must be a host name or an IP address')),
    '127.0.0.1',
  ),
  KINEMARK_DATA: v.optional(
    v.pipe(v.string(), v.excludes('\0', 'must be the path of a folder')),
    'data',
  ),
  LOG_LEVEL: v.optional(v.picklist(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`), 'warn'),
  KINEMARK_MODEL_MIRROR: v.optional(
    v.pipe(v.string(), v.url(MIRROR_RULE), v.regex(/^https?:\/\/[^?#]+$/, MIRROR_RULE)),
  ),
});

/**
 * Reads the configuration. An empty variable counts as not set.
 * Throws ConfigError naming the variable, its value and what it must be.
 */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = v.safeParse(environmentSchema, set);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const name = v.getDotPath(issue) ?? '';
    throw new ConfigError(`${name} is ${JSON.stringify(set[name])}, but ${issue.message}`);
  }
  return {
    port: parsed.output.PORT,
    host: parsed.output.HOST,
    dataFolder: resolve(parsed.output.KINEMARK_DATA),
    logLevel: parsed.output.LOG_LEVEL,
    modelMirror: parsed.output.KINEMARK_MODEL_MIRROR?.replace(/\/+$/, '') ?? null,
  };
}
